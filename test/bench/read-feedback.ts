/** One packet of transport-wide feedback, as an SFU reads it (draft-holmer-rmcat-transport-wide-cc-extensions-01). */
export interface Feedback {
  /** Of the packets that came, by transport-wide number. */
  readonly arrivals: ReadonlyMap<number, number>;
  readonly missing: readonly number[];
}

const REFERENCE_MS = 64;
const DELTA_MS = 0.25;

/** Reads run-length chunks and vectors of one and of two bits. @throws for a packet that does not add up. */
export function readFeedback(packet: Buffer): Feedback {
  const [first, count] = [packet.readUInt16BE(12), packet.readUInt16BE(14)];
  const statuses: number[] = [];
  let at = 20;
  for (; statuses.length < count; at += 2) {
    const chunk = packet.readUInt16BE(at);
    if (chunk >> 15 === 0) statuses.push(...Array<number>(chunk & 0x1fff).fill((chunk >> 13) & 3));
    else if (chunk >> 14 === 2) for (let bit = 13; bit >= 0; bit -= 1) statuses.push((chunk >> bit) & 1);
    else for (let bit = 12; bit >= 0; bit -= 2) statuses.push((chunk >> bit) & 3);
  }
  const arrivals = new Map<number, number>();
  const missing: number[] = [];
  let clockMs = packet.readUIntBE(16, 3) * REFERENCE_MS;
  statuses.slice(0, count).forEach((status, step) => {
    const number = (first + step) & 0xffff;
    if (status === 0) {
      missing.push(number);
      return;
    }
    clockMs += DELTA_MS * (status === 1 ? packet.readUInt8(at) : packet.readInt16BE(at));
    at += status === 1 ? 1 : 2;
    arrivals.set(number, clockMs);
  });
  if (packet.length - at > 3) throw new Error(`${packet.length - at} bytes are left over`);
  return { arrivals, missing };
}
