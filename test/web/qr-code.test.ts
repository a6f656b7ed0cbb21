import { expect, test } from 'vitest';
import { correctionOf, numericData, qrCodeOf } from '../../web/qr-code.ts';

const hex = (bytes: readonly number[]) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

test('the codewords are those that ISO/IEC 18004, annex I, prints for 01234567', () => {
  const bytes = numericData('01234567');
  expect(hex(bytes)).toBe('10 20 0c 56 61 80 ec 11 ec 11 ec 11 ec 11 ec 11');
  expect(hex(correctionOf(bytes))).toBe('a5 24 d4 c1 ed 36 c7 87 2c 55');
});

test('30 digits are the picture that other encoders draw with mask 0', () => {
  const picture = qrCodeOf('123450678900000999991234554321').map((row) =>
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

test.each(['', '12a', '1'.repeat(35)])('%j is refused', (digits) => {
  expect(() => qrCodeOf(digits)).toThrow(RangeError);
});
