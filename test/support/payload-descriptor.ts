import type { Codec } from '../../src/crypto/index.ts';
import type { RtpPacket } from './rtp-packet.ts';

/** Where the encoded bytes begin in a payload, and whether a frame begins and ends in it. */
export interface Piece {
  readonly start: number;
  readonly begins: boolean;
  readonly ends: boolean;
}

/** Reads what the packetizer put before the encoded bytes. */
export function pieceOf(codec: Codec, packet: RtpPacket): Piece {
  if (codec === 'opus') return { start: 0, begins: true, ends: true }; // RFC 7587, section 4.2
  return codec === 'vp8' ? vp8Piece(packet) : vp9Piece(packet);
}

/** RFC 7741, section 4.2. */
function vp8Piece({ payload, marker }: RtpPacket): Piece {
  const first = payload[0] ?? 0;
  let start = 1;
  if (first & 0x80) {
    const extension = payload[start] ?? 0;
    start += 1;
    if (extension & 0x80) start += pictureIdBytes(payload[start]);
    if (extension & 0x40) start += 1; // TL0PICIDX
    if (extension & 0x30) start += 1; // TID, Y, KEYIDX
  }
  const begins = (first & 0x10) !== 0 && (first & 0x07) === 0;
  return { start, begins, ends: marker };
}

/** RFC 9628, section 4.2. A frame is one spatial layer of a picture. */
function vp9Piece({ payload }: RtpPacket): Piece {
  const first = payload[0] ?? 0;
  const has = (bit: number) => (first & bit) !== 0;
  const [pictureId, inter, layers, flexible, begins, ends, structure] = [0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02].map(
    has,
  );
  let start = 1;
  if (pictureId) start += pictureIdBytes(payload[start]);
  if (layers) start += flexible ? 1 : 2;
  for (let more = flexible && inter; more; start += 1) more = ((payload[start] ?? 0) & 1) !== 0;
  if (structure) start += structureBytes(payload, start);
  return { start, begins: begins === true, ends: ends === true };
}

function pictureIdBytes(first = 0): number {
  return first & 0x80 ? 2 : 1;
}

/** Sizes of the spatial layers and the group of pictures. */
function structureBytes(payload: Uint8Array, at: number): number {
  const first = payload[at] ?? 0;
  let length = 1 + (first & 0x10 ? 4 * ((first >> 5) + 1) : 0);
  if ((first & 0x08) === 0) return length;
  const pictures = payload[at + length] ?? 0;
  length += 1;
  for (let picture = 0; picture < pictures; picture += 1) length += 1 + (((payload[at + length] ?? 0) >> 2) & 3);
  return length;
}
