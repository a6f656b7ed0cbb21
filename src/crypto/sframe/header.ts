/** Config byte, key id and counter at their longest. */
export const MAX_HEADER_BYTES = 17;

/** Key id and counter are unsigned 64-bit integers. */
export interface SframeHeader {
  readonly keyId: bigint;
  readonly counter: bigint;
  /** Bytes that the header takes on the wire. */
  readonly length: number;
}

/** Values below this are carried in the config byte itself. */
const SHORT_END = 8n;

/** Set in its half of the config byte when the other three bits are a length, not a value. */
const EXTENDED = 0b1000;

const integer = new DataView(new ArrayBuffer(8));
const integerBytes = new Uint8Array(integer.buffer);

/** Writes the header at the beginning of `into` and answers its length (RFC 9605, section 4.3). */
export function encodeHeader(into: Uint8Array, keyId: bigint, counter: bigint): number {
  const keyIdEnd = encodeInteger(into, 1, keyId);
  const end = encodeInteger(into, keyIdEnd, counter);
  into[0] = (halfOf(keyId, keyIdEnd - 1) << 4) | halfOf(counter, end - keyIdEnd);
  return end;
}

/**
 * Reads the header that begins at `start`. `undefined` when the bytes end too early, and when a value takes more bytes
 * than it must: RFC 9605 has one encoding for each header.
 */
export function decodeHeader(bytes: Uint8Array, start: number): SframeHeader | undefined {
  const config = bytes[start];
  if (config === undefined) return undefined;
  const keyIdHalf = config >> 4;
  const counterHalf = config & 0x0f;
  const keyIdEnd = start + 1 + lengthOf(keyIdHalf);
  const end = keyIdEnd + lengthOf(counterHalf);
  const keyId = decodeInteger(bytes, keyIdHalf, start + 1, keyIdEnd);
  const counter = decodeInteger(bytes, counterHalf, keyIdEnd, end);
  return keyId === undefined || counter === undefined ? undefined : { keyId, counter, length: end - start };
}

function halfOf(value: bigint, length: number): number {
  return length === 0 ? Number(value) : EXTENDED | (length - 1);
}

function lengthOf(half: number): number {
  return half < EXTENDED ? 0 : half - EXTENDED + 1;
}

/** Big-endian, without leading zeros; nothing for a value that the config byte carries. Answers where it ends. */
function encodeInteger(into: Uint8Array, start: number, value: bigint): number {
  if (value < SHORT_END) return start;
  integer.setBigUint64(0, value);
  let first = 0;
  while (integerBytes[first] === 0) first += 1;
  for (let index = first; index < 8; index += 1) into[start + index - first] = integerBytes[index] ?? 0;
  return start + 8 - first;
}

function decodeInteger(bytes: Uint8Array, half: number, start: number, end: number): bigint | undefined {
  if (half < EXTENDED) return BigInt(half);
  if (end > bytes.length || (bytes[start] === 0 && end > start + 1)) return undefined;
  integerBytes.fill(0);
  for (let index = start; index < end; index += 1) integerBytes[8 - end + index] = bytes[index] ?? 0;
  const value = integer.getBigUint64(0);
  return value < SHORT_END ? undefined : value;
}
