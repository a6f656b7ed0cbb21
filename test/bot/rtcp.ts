/* The RTCP that bots write and read (RFC 3550, section 6; RFC 4585, section 6). */

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;

const NACK = 1;
const PICTURE_LOSS = 1;

/** Sequence numbers that one NACK entry can name: its first, and a bit for each of the next 16. */
const NACK_SPAN = 17;

const SEQUENCE_MASK = 0xffff;

/** Seconds from NTP's beginning, 1900, to Unix's. */
const NTP_EPOCH_S = 2_208_988_800;

/** One stream in a receiver report. */
export interface ReportBlock {
  readonly ssrc: number;
  /** Of the last interval, in 256ths. */
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly highestIndex: number;
  /** In the stream's clock. */
  readonly jitter: number;
  /** The middle half of the last sender report's NTP time; 0 when there was none. */
  readonly lastReport: number;
  /** Since that report came, in 65,536ths of a second. */
  readonly sinceLastReport: number;
}

export interface SenderReport {
  readonly ssrc: number;
  readonly wallMs: number;
  readonly timestamp: number;
  readonly packets: number;
  readonly bytes: number;
}

export type RtcpNews =
  | { readonly kind: 'nack'; readonly ssrc: number; readonly sequences: readonly number[] }
  | { readonly kind: 'picture-loss'; readonly ssrc: number }
  | { readonly kind: 'sender-report'; readonly ssrc: number; readonly ntpMiddle: number };

export function writeReceiverReport(ownSsrc: number, blocks: readonly ReportBlock[]): Buffer {
  const packet = packetOf(RECEIVER_REPORT, blocks.length, 4 + 24 * blocks.length);
  packet.writeUInt32BE(ownSsrc, 4);
  blocks.forEach((block, index) => {
    const at = 8 + 24 * index;
    packet.writeUInt32BE(block.ssrc, at);
    packet.writeUInt8(block.fractionLost, at + 4);
    packet.writeIntBE(block.cumulativeLost, at + 5, 3);
    packet.writeUInt32BE(block.highestIndex >>> 0, at + 8);
    packet.writeUInt32BE(block.jitter >>> 0, at + 12);
    packet.writeUInt32BE(block.lastReport, at + 16);
    packet.writeUInt32BE(block.sinceLastReport >>> 0, at + 20);
  });
  return packet;
}

/** With the name that makes the streams of one sender belong together. */
export function writeSenderReport({ ssrc, wallMs, timestamp, packets, bytes }: SenderReport, cname: string): Buffer {
  const packet = packetOf(SENDER_REPORT, 0, 24);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt32BE(Math.floor(wallMs / 1_000) + NTP_EPOCH_S, 8);
  packet.writeUInt32BE(Math.floor(((wallMs % 1_000) / 1_000) * 2 ** 32), 12);
  packet.writeUInt32BE(timestamp, 16);
  packet.writeUInt32BE(packets, 20);
  packet.writeUInt32BE(bytes >>> 0, 24);
  const name = Buffer.from(cname);
  const chunkBytes = 4 + 2 + name.length + 1;
  const description = packetOf(SOURCE_DESCRIPTION, 1, chunkBytes + (-chunkBytes & 3));
  description.writeUInt32BE(ssrc, 4);
  description.writeUInt8(1, 8); // CNAME
  description.writeUInt8(name.length, 9);
  name.copy(description, 10);
  return Buffer.concat([packet, description]);
}

export function writeNack(ownSsrc: number, ssrc: number, sequences: readonly number[]): Buffer {
  const entries: { first: number; bits: number }[] = [];
  for (const sequence of sequences) {
    const last = entries.at(-1);
    const behind = last ? (sequence - last.first) & SEQUENCE_MASK : NACK_SPAN;
    if (last && behind > 0 && behind < NACK_SPAN) last.bits |= 1 << (behind - 1);
    else entries.push({ first: sequence, bits: 0 });
  }
  const packet = packetOf(TRANSPORT_FEEDBACK, NACK, 8 + 4 * entries.length);
  packet.writeUInt32BE(ownSsrc, 4);
  packet.writeUInt32BE(ssrc, 8);
  entries.forEach(({ first, bits }, index) => {
    packet.writeUInt16BE(first, 12 + 4 * index);
    packet.writeUInt16BE(bits, 14 + 4 * index);
  });
  return packet;
}

export function writePictureLoss(ownSsrc: number, ssrc: number): Buffer {
  const packet = packetOf(PAYLOAD_FEEDBACK, PICTURE_LOSS, 8);
  packet.writeUInt32BE(ownSsrc, 4);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}

/** A packet with its header, the rest zero. `count` is the number of reports or the format. */
export function packetOf(type: number, count: number, bodyBytes: number): Buffer {
  const packet = Buffer.alloc(4 + bodyBytes);
  packet[0] = 0x80 | count;
  packet[1] = type;
  packet.writeUInt16BE(bodyBytes / 4, 2);
  return packet;
}

/** What of a compound packet is news to a bot. */
export function readRtcp(compound: Buffer): RtcpNews[] {
  const news: RtcpNews[] = [];
  for (let at = 0; at + 8 <= compound.length; ) {
    const end = at + 4 + 4 * compound.readUInt16BE(at + 2);
    if (end > compound.length) break;
    const read = readPacket(compound.subarray(at, end));
    if (read) news.push(read);
    at = end;
  }
  return news;
}

function readPacket(packet: Buffer): RtcpNews | undefined {
  const [type, format] = [packet[1], (packet[0] ?? 0) & 0x1f];
  if (type === SENDER_REPORT && packet.length >= 28)
    return { kind: 'sender-report', ssrc: packet.readUInt32BE(4), ntpMiddle: packet.readUInt32BE(10) };
  if (packet.length < 12) return undefined;
  const ssrc = packet.readUInt32BE(8);
  if (type === PAYLOAD_FEEDBACK && format === PICTURE_LOSS) return { kind: 'picture-loss', ssrc };
  if (type === TRANSPORT_FEEDBACK && format === NACK) return { kind: 'nack', ssrc, sequences: nackedIn(packet) };
  return undefined;
}

function nackedIn(packet: Buffer): number[] {
  const sequences: number[] = [];
  for (let at = 12; at + 4 <= packet.length; at += 4) {
    const first = packet.readUInt16BE(at);
    const bits = packet.readUInt16BE(at + 2);
    sequences.push(first);
    for (let bit = 0; bit < NACK_SPAN - 1; bit += 1)
      if (bits & (1 << bit)) sequences.push((first + bit + 1) & SEQUENCE_MASK);
  }
  return sequences;
}
