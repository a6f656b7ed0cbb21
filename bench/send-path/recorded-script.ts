import { parseRtpPacket } from '../../test/support/rtp-packet.ts';
import type { PacketScript } from '../endpoints/packet-script.ts';

/** A datagram of a sender on its way to the server. */
export interface SeenDatagram {
  readonly atMs: number;
  readonly bytes: Buffer;
}

/** Of AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714, section 14.2), of which browsers and the server agree on one. */
const TAG_BYTES = 16;

interface SeenPacket {
  readonly atMs: number;
  readonly sequence: number;
  readonly payloadBytes: number;
  readonly marker: boolean;
}

/**
 * What the sender's largest stream put on the wire, in whole frames. SRTP leaves the headers readable, and they and the length are all
 * that is read. Probes and retransmissions are streams of their own. @throws when there are not two frames of a stream.
 */
export function recordedScript(datagrams: readonly SeenDatagram[]): PacketScript {
  const packets = inOrder(largestStream(datagrams));
  const from = packets.findIndex(({ marker }) => marker) + 1;
  const to = packets.findLastIndex(({ marker }) => marker) + 1;
  const frames = packets.slice(from, to);
  const count = frames.filter(({ marker }) => marker).length;
  const [first, last] = [frames[0], frames.at(-1)];
  if (!first || !last || count < 2) throw new Error('no two frames of a video were seen');
  const us = (atMs: number) => Math.round((atMs - first.atMs) * 1_000);
  return {
    // The last frame lasts as long as the others did on average.
    periodUs: Math.round((us(last.atMs) * count) / (count - 1)) + 1,
    packets: frames.map(({ atMs, payloadBytes, marker }) => ({ afterUs: us(atMs), payloadBytes, ends: marker })),
  };
}

function largestStream(datagrams: readonly SeenDatagram[]): SeenPacket[] {
  const streams = new Map<number, SeenPacket[]>();
  for (const { atMs, bytes } of datagrams) {
    const packet = parseRtpPacket(withoutPadding(bytes));
    if (!packet) continue;
    const { ssrc, sequence, marker, payload } = packet;
    const stream = streams.get(ssrc) ?? [];
    streams.set(ssrc, stream);
    stream.push({ atMs, sequence, marker, payloadBytes: payload.length - TAG_BYTES });
  }
  const bytesOf = (stream: readonly SeenPacket[]) => stream.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
  return [...streams.values()].toSorted((left, right) => bytesOf(right) - bytesOf(left))[0] ?? [];
}

/** SRTP encrypts the number of padding bytes, so that it cannot be read; to whoever forwards, padding is payload. */
function withoutPadding(bytes: Buffer): Buffer {
  const head = bytes[0] ?? 0;
  return Buffer.concat([Buffer.of(head & ~0x20), bytes.subarray(1)]);
}

/** Without what came a second time or late: a time may not go back. */
function inOrder(packets: readonly SeenPacket[]): SeenPacket[] {
  let next: number | undefined;
  return packets.filter(({ sequence }) => {
    const isNext = next === undefined || ((sequence - next) & 0xffff) < 0x8000;
    if (isNext) next = (sequence + 1) & 0xffff;
    return isNext;
  });
}
