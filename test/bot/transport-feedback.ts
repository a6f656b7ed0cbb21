import { packetOf } from './rtcp.ts';
import { nearestIndex } from './srtp.ts';

/*
 * Which packets of a transport came and when, as the sender's bandwidth estimate wants it
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01).
 */

const TRANSPORT_FEEDBACK = 205;
const FORMAT = 15;

const REFERENCE_MS = 64;
const DELTA_MS = 0.25;
const SMALL_DELTAS = 0x100;
const LARGEST_DELTA = 0x7fff;

/** Statuses of two bits in one chunk. */
const CHUNK_STATUSES = 7;
const [NOT_RECEIVED, SMALL, LARGE] = [0, 1, 2];

/** A gap so long is no loss but a pause of the sender's: telling every packet in it would make packets without end. */
const MAX_STATUSES = 500;

interface Arrival {
  readonly index: number;
  readonly atMs: number;
}

/** Collects arrivals on one transport, and says them when asked. */
export class TransportFeedback {
  #highest: number | undefined;
  #arrivals: Arrival[] = [];
  #count = 0;

  received(transportSequence: number, nowMs: number): void {
    const index = nearestIndex(this.#highest, transportSequence);
    this.#highest = Math.max(this.#highest ?? index, index);
    this.#arrivals.push({ index, atMs: nowMs });
  }

  /** The packet about all that came since the last one; `undefined` when nothing did. */
  take(ownSsrc: number, mediaSsrc: number): Buffer | undefined {
    const arrivals = this.#arrivals.sort((a, b) => a.index - b.index);
    this.#arrivals = [];
    const last = arrivals.at(-1);
    if (!last) return undefined;
    const recent = arrivals.filter(({ index }) => last.index - index < MAX_STATUSES);
    this.#count = (this.#count + 1) & 0xff;
    return write(recent, { ownSsrc, mediaSsrc, count: this.#count });
  }
}

interface Numbering {
  readonly ownSsrc: number;
  readonly mediaSsrc: number;
  readonly count: number;
}

function write(arrivals: readonly Arrival[], { ownSsrc, mediaSsrc, count }: Numbering): Buffer {
  const first = arrivals[0]?.index ?? 0;
  const reference = Math.floor(Math.min(...arrivals.map(({ atMs }) => atMs)) / REFERENCE_MS);
  const statuses: number[] = [];
  const deltas: number[] = [];
  let clock = (reference * REFERENCE_MS) / DELTA_MS;
  for (const { index, atMs } of arrivals) {
    if (index < first + statuses.length) continue; // came twice
    while (statuses.length < index - first) statuses.push(NOT_RECEIVED);
    const delta = Math.max(-LARGEST_DELTA, Math.min(LARGEST_DELTA, Math.round(atMs / DELTA_MS) - clock));
    clock += delta;
    deltas.push(delta);
    statuses.push(isSmall(delta) ? SMALL : LARGE);
  }
  const chunks = Math.ceil(statuses.length / CHUNK_STATUSES);
  const deltaBytes = deltas.reduce((sum, delta) => sum + (isSmall(delta) ? 1 : 2), 0);
  const bodyBytes = 16 + 2 * chunks + deltaBytes;
  const packet = packetOf(TRANSPORT_FEEDBACK, FORMAT, bodyBytes + (-bodyBytes & 3));
  packet.writeUInt32BE(ownSsrc, 4);
  packet.writeUInt32BE(mediaSsrc, 8);
  packet.writeUInt16BE(first & 0xffff, 12);
  packet.writeUInt16BE(statuses.length, 14);
  packet.writeUIntBE(reference & 0xff_ffff, 16, 3);
  packet.writeUInt8(count, 19);
  let at = 20;
  for (let chunk = 0; chunk < chunks; chunk += 1, at += 2) packet.writeUInt16BE(chunkOf(statuses, chunk), at);
  for (const delta of deltas) at = isSmall(delta) ? packet.writeUInt8(delta, at) : packet.writeInt16BE(delta, at);
  return packet;
}

/** A vector of seven statuses of two bits. */
function chunkOf(statuses: readonly number[], chunk: number): number {
  let bits = 0b11;
  for (let at = 0; at < CHUNK_STATUSES; at += 1)
    bits = (bits << 2) | (statuses[chunk * CHUNK_STATUSES + at] ?? NOT_RECEIVED);
  return bits;
}

function isSmall(delta: number): boolean {
  return delta >= 0 && delta < SMALL_DELTAS;
}
