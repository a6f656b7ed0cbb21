import { correctionOf } from './qr-correction.ts';
import { drawn, type QrCode } from './qr-drawing.ts';
import { dataBytes, type QrVersion, versionFor } from './qr-version.ts';

const MODE_BITS = 4;

/** How long the count of characters is in versions 1 to 9 (ISO/IEC 18004, table 3). */
const DIGIT_COUNT_BITS = 10;
const BYTE_COUNT_BITS = 8;

/** The QR code of `text`, as small as it can be at error correction M; nothing for more than 180 bytes or 432 digits. */
export function qrCodeOf(text: string): QrCode | undefined {
  const bits = /^\d+$/.test(text) ? digitBits(text) : byteBits(text);
  const version = versionFor(bits.length);
  return version && drawn(version, interleaved(codewordsOf(bits, version), version));
}

/** Section 7.4: the data and, behind a terminator, pad codewords. */
export function codewordsOf(bits: string, version: QrVersion): readonly number[] {
  const total = dataBytes(version);
  const bytes = (`${bits}${'0'.repeat(MODE_BITS)}`.match(/.{1,8}/g) ?? [])
    .map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2))
    .slice(0, total);
  return [...bytes, ...Array.from({ length: total - bytes.length }, (_, index) => (index % 2 === 0 ? 0xec : 0x11))];
}

/** Section 7.4.3: mode, count, and digits by three in ten bits. */
export function digitBits(digits: string): string {
  const groups = digits.match(/\d{1,3}/g) ?? [];
  const body = groups.map((group) => binary(Number(group), 3 * group.length + 1)).join('');
  return `0001${binary(digits.length, DIGIT_COUNT_BITS)}${body}`;
}

/** Section 7.4.5: readers take bytes for UTF-8. */
function byteBits(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  return `0100${binary(bytes.length, BYTE_COUNT_BITS)}${bytes.map((byte) => binary(byte, 8)).join('')}`;
}

/** Section 7.6: the first codeword of each block, the second of each... so that a stain hits each block a little. */
function interleaved(data: readonly number[], { blocks, correction }: QrVersion): readonly number[] {
  let start = 0;
  const parts = blocks.map((length) => {
    start += length;
    return data.slice(start - length, start);
  });
  return [...inTurn(parts), ...inTurn(parts.map((part) => correctionOf(part, correction)))];
}

function inTurn(parts: readonly (readonly number[])[]): readonly number[] {
  const longest = Math.max(...parts.map((part) => part.length));
  return Array.from({ length: longest }, (_, at) => parts.flatMap((part) => part.slice(at, at + 1))).flat();
}

const binary = (value: number, bits: number) => value.toString(2).padStart(bits, '0');
