/** A packet of a video. */
export interface ScriptedPacket {
  /** Behind the script's beginning. */
  readonly afterUs: number;
  /** With the payload descriptor; without RTP's header and the tag of SRTP. */
  readonly payloadBytes: number;
  /** The last one of its frame, which carries the marker. */
  readonly ends: boolean;
}

/** Whole frames that a sender's video puts on the wire, packet by packet, again and again. The first is due at once, and all within the period. */
export interface PacketScript {
  readonly periodUs: number;
  readonly packets: readonly ScriptedPacket[];
}

/** Of a large picture: what fits into Ethernet with the headers of all layers. */
const LARGEST_BYTES = 1_200;
/** Frames are as long as packets between this and the largest would make them. */
const SMALLEST_BYTES = 1_100;

/** Until lengths come again: as many as a second of a camera has pictures. */
const FRAMES = 30;

/** Its multiples fill an interval evenly, so that lengths and what is left over by their division differ from frame to frame. */
const GOLDEN_RATIO = 0.618033988749895;

export type Sizes = 'equal' | 'near_equal';

/** Frames of so many packets, which leave at once. */
export function burstScript(burst: number, sizes: Sizes, framesPerSecond: number): PacketScript {
  const frames = Array.from({ length: FRAMES }, (_, at) =>
    sizes === 'equal' ? burst * LARGEST_BYTES : Math.floor(burst * sizeBetween((at * GOLDEN_RATIO) % 1)),
  );
  const afterUs = (frame: number) => Math.round((frame * 1e6) / framesPerSecond);
  return {
    periodUs: afterUs(FRAMES),
    packets: frames.flatMap((bytes, frame) => framePackets(split(bytes, burst), afterUs(frame))),
  };
}

/**
 * A frame as encoders' packetizers split it: into packets of one size, or where that leaves a rest, first the smaller ones and then those
 * that are one byte longer (libwebrtc's RtpPacketizer::SplitAboutEqually).
 */
export function split(frameBytes: number, packets: number): number[] {
  const smaller = Math.floor(frameBytes / packets);
  const longer = frameBytes % packets;
  return Array.from({ length: packets }, (_, at) => smaller + (at < packets - longer ? 0 : 1));
}

/** How a script loads a server, in means over its period. */
export interface ScriptRates {
  readonly frames_per_second: number;
  readonly packets_per_frame: number;
  readonly bits_per_second: number;
}

export function ratesOf({ periodUs, packets }: PacketScript): ScriptRates {
  const frames = packets.filter(({ ends }) => ends).length;
  const bytes = packets.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
  return {
    frames_per_second: (frames * 1e6) / periodUs,
    packets_per_frame: packets.length / frames,
    bits_per_second: Math.round((bytes * 8 * 1e6) / periodUs),
  };
}

function sizeBetween(share: number): number {
  return SMALLEST_BYTES + share * (LARGEST_BYTES - SMALLEST_BYTES);
}

function framePackets(sizes: readonly number[], afterUs: number): ScriptedPacket[] {
  return sizes.map((payloadBytes, at) => ({ afterUs, payloadBytes, ends: at === sizes.length - 1 }));
}
