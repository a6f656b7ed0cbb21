import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { codewordsOf, digitBits, qrCodeOf } from '../../../web/qr/qr-code.ts';
import { correctionOf } from '../../../web/qr/qr-correction.ts';
import { versionFor } from '../../../web/qr/qr-version.ts';

const hex = (bytes: readonly number[]) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

test('the codewords are those that ISO/IEC 18004, annex I, prints for 01234567', () => {
  const bits = digitBits('01234567');
  const version = versionFor(bits.length);
  const bytes = version ? codewordsOf(bits, version) : [];
  expect(hex(bytes)).toBe('10 20 0c 56 61 80 ec 11 ec 11 ec 11 ec 11 ec 11');
  expect(hex(correctionOf(bytes, 10))).toBe('a5 24 d4 c1 ed 36 c7 87 2c 55');
});

test('30 digits are the picture that other encoders draw with mask 0', () => {
  const picture = qrCodeOf('123450678900000999991234554321')?.map((row) =>
    row.map((dark) => (dark ? '#' : '.')).join(''),
  );
  expect(picture).toMatchInlineSnapshot(`
    [
      "#######..#.#..#######",
      "#.....#.#####.#.....#",
      "#.###.#...##..#.###.#",
      "#.###.#...#...#.###.#",
      "#.###.#.#...#.#.###.#",
      "#.....#..#..#.#.....#",
      "#######.#.#.#.#######",
      ".........#.##........",
      "#.#.#.#..#.#....#..#.",
      ".#..##.....#..#.....#",
      "##..####..#.##...#...",
      ".#.........#..#.##..#",
      ".#.##.###.######..###",
      "........#.##..##.###.",
      "#######...#.##..#....",
      "#.....#...#..#.#.##.#",
      "#.###.#.######..#..##",
      "#.###.#....#####...#.",
      "#.###.#.###.....#...#",
      "#.....#...#####...#..",
      "#######.#...#...#...#",
    ]
  `);
});

/** SHA-256 of the rows that `qrcode` 1.5.4 (npm) makes of the same text with error correction M and mask 0. */
test.each([
  ['https://a.example', 25, 'c389909369412604'],
  [
    'https://call.example.org/call/AbCdEfGhIjKlMnOpQrStUv#k=AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE',
    41,
    '4db6c7e3f9676ff7',
  ],
  ['http://127.0.0.1:4443/call/AbCdEfGhIjKlMnOpQrStUv#k=AbCdEfGhIjKlMnOpQrStUv&lobby', 37, '32bfd0020bf68695'],
  [`https://èllo.example/${'y'.repeat(100)}`, 45, 'e6e053abd76a86af'],
  [`https://x.example/${'z'.repeat(130)}`, 49, 'e0ffb91b5b62f2c8'],
  [`https://x.example/${'z'.repeat(160)}`, 53, '138d6c96dc7068c7'],
])('%j, as another encoder draws it', (text, size, digest) => {
  const rows = qrCodeOf(text)?.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''));
  expect(rows).toHaveLength(size);
  expect(
    createHash('sha256')
      .update(rows?.join('\n') ?? '')
      .digest('hex')
      .slice(0, 16),
  ).toBe(digest);
});

test('what is longer than a phone reads with ease has no code', () => {
  expect(qrCodeOf('x'.repeat(180))).toHaveLength(53);
  expect(qrCodeOf('x'.repeat(181))).toBeUndefined();
});
