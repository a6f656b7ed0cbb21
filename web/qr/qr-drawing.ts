import type { QrVersion } from './qr-version.ts';

/** Level M with mask 0, its BCH code and the fixed XOR (ISO/IEC 18004, section 7.9): no reader needs the mask that looks best. */
const FORMAT = 0b101010000010010;

/** The generator of the BCH code around the version (section 7.10), which larger symbols say. */
const VERSION_GENERATOR = 0b1111100100101;
const FIRST_THAT_SAYS_ITS_VERSION = 7;

/** True is dark. */
export type QrCode = readonly (readonly boolean[])[];

/** Sections 6.3 and 7.7: fixed patterns first, then the codewords upwards and downwards in columns of two. */
export function drawn(version: QrVersion, codewords: readonly number[]): QrCode {
  const { size } = version;
  const modules: (boolean | undefined)[][] = Array.from({ length: size }, () => new Array(size).fill(undefined));
  const set = (row: number, column: number, dark: boolean) => {
    const line = modules[row];
    if (line && column >= 0 && column < size) line[column] = dark;
  };
  drawFinders(set, size);
  drawAlignment(set, version);
  drawFormat(set, size);
  if (version.version >= FIRST_THAT_SAYS_ITS_VERSION) drawVersion(set, version);
  for (let index = 8; index < size - 8; index += 1) {
    set(6, index, index % 2 === 0);
    set(index, 6, index % 2 === 0);
  }
  const bits = codewords.flatMap((codeword) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => ((codeword >> bit) & 1) === 1));
  let next = 0;
  for (const [row, column] of dataPath(size)) {
    if (modules[row]?.[column] !== undefined) continue;
    const mask = (row + column) % 2 === 0;
    set(row, column, (bits[next] ?? false) !== mask);
    next += 1;
  }
  return modules as boolean[][];
}

type Draw = (row: number, column: number, dark: boolean) => void;

/** The three corners: rings around a dark square, with a light edge. */
function drawFinders(set: Draw, size: number): void {
  drawRings(set, [3, 3], 4, [2, 4]);
  drawRings(set, [3, size - 4], 4, [2, 4]);
  drawRings(set, [size - 4, 3], 4, [2, 4]);
}

/** At every crossing but the three corners. */
function drawAlignment(set: Draw, { centres, size }: QrVersion): void {
  for (const row of centres)
    for (const column of centres) {
      const isCorner = (row === 6 && (column === 6 || column === size - 7)) || (column === 6 && row === size - 7);
      if (!isCorner) drawRings(set, [row, column], 2, [1]);
    }
}

function drawRings(
  set: Draw,
  [row, column]: readonly [number, number],
  radius: number,
  light: readonly number[],
): void {
  for (let down = -radius; down <= radius; down += 1)
    for (let right = -radius; right <= radius; right += 1)
      set(row + down, column + right, !light.includes(Math.max(Math.abs(down), Math.abs(right))));
}

/** Both copies of the format, and the module that is always dark. */
function drawFormat(set: Draw, size: number): void {
  for (let bit = 0; bit < 15; bit += 1) {
    const dark = ((FORMAT >> bit) & 1) === 1;
    if (bit < 8) {
      set(bit < 6 ? bit : bit + 1, 8, dark);
      set(8, size - 1 - bit, dark);
    } else {
      set(8, bit === 8 ? 7 : 14 - bit, dark);
      set(size - 15 + bit, 8, dark);
    }
  }
  set(size - 8, 8, true);
}

/** Both copies of the version and its BCH code. */
function drawVersion(set: Draw, { version, size }: QrVersion): void {
  let remainder = version << 12;
  for (let bit = 17; bit >= 12; bit -= 1) if ((remainder >> bit) & 1) remainder ^= VERSION_GENERATOR << (bit - 12);
  const code = (version << 12) | remainder;
  for (let bit = 0; bit < 18; bit += 1) {
    const dark = ((code >> bit) & 1) === 1;
    set(Math.floor(bit / 3), size - 11 + (bit % 3), dark);
    set(size - 11 + (bit % 3), Math.floor(bit / 3), dark);
  }
}

function* dataPath(size: number): Generator<readonly [row: number, column: number]> {
  let upwards = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1; // the timing pattern's column holds no data
    for (let step = 0; step < size; step += 1) {
      const row = upwards ? size - 1 - step : step;
      yield [row, right];
      yield [row, right - 1];
    }
    upwards = !upwards;
  }
}
