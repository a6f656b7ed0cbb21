/** Version 1 (21 x 21 modules) with error correction M (ISO/IEC 18004, table 7): 16 codewords of data and 10 of correction. */
const SIZE = 21;
const DATA_BYTES = 16;
const CORRECTION_BYTES = 10;
const MAX_DIGITS = 34;

/** Level M with mask 0, its BCH code and the fixed XOR (section 7.9): no reader needs the mask that looks best. */
const FORMAT = 0b101010000010010;

/** True is dark. */
export type QrCode = readonly (readonly boolean[])[];

/** The QR code of up to 34 digits, in numeric mode. @throws RangeError for anything else. */
export function qrCodeOf(digits: string): QrCode {
  const bytes = numericData(digits);
  return drawn([...bytes, ...correctionOf(bytes)]);
}

/** Section 7.4: mode, count, digits by three in ten bits, terminator and pad codewords. */
export function numericData(digits: string): readonly number[] {
  if (!/^\d+$/.test(digits) || digits.length > MAX_DIGITS) throw new RangeError(`not 1 to ${MAX_DIGITS} digits`);
  const groups = digits.match(/\d{1,3}/g) ?? [];
  const body = groups.map((group) => binary(Number(group), 3 * group.length + 1)).join('');
  const bits = `0001${binary(digits.length, 10)}${body}0000`;
  const bytes = (bits.match(/.{1,8}/g) ?? [])
    .map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2))
    .slice(0, DATA_BYTES);
  const pads = Array.from({ length: DATA_BYTES - bytes.length }, (_, index) => (index % 2 === 0 ? 0xec : 0x11));
  return [...bytes, ...pads];
}

const binary = (value: number, bits: number) => value.toString(2).padStart(bits, '0');

/** Section 7.5: the Reed-Solomon remainder over GF(256) with the polynomial 0x11d. */
export function correctionOf(bytes: readonly number[]): readonly number[] {
  const generator = generatorOf(CORRECTION_BYTES);
  return bytes.reduce<readonly number[]>((remainder, byte) => {
    const factor = byte ^ (remainder[0] ?? 0);
    return generator.map((coefficient, index) => (remainder[index + 1] ?? 0) ^ times(coefficient, factor));
  }, new Array(CORRECTION_BYTES).fill(0));
}

/** (x - 1)(x - 2)(x - 4)..., highest power first, without the leading 1. */
function generatorOf(degree: number): readonly number[] {
  let product: readonly number[] = [1];
  let root = 1;
  for (let factor = 0; factor < degree; factor += 1) {
    const scaled = product.map((coefficient) => times(coefficient, root));
    product = [...product, 0].map((coefficient, index) => coefficient ^ (scaled[index - 1] ?? 0));
    root = times(root, 2);
  }
  return product.slice(1);
}

function times(left: number, right: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ (product & 0x80 ? 0x11d : 0);
    if ((right >> bit) & 1) product ^= left;
  }
  return product;
}

/** Sections 6.3 and 7.7: fixed patterns first, then the codewords upwards and downwards in columns of two. */
function drawn(codewords: readonly number[]): QrCode {
  const modules: (boolean | undefined)[][] = Array.from({ length: SIZE }, () => new Array(SIZE).fill(undefined));
  const set = (row: number, column: number, dark: boolean) => {
    const line = modules[row];
    if (line && column >= 0 && column < SIZE) line[column] = dark;
  };
  drawFinders(set);
  drawFormat(set);
  for (let index = 8; index < SIZE - 8; index += 1) {
    set(6, index, index % 2 === 0);
    set(index, 6, index % 2 === 0);
  }
  const bits = codewords.flatMap((codeword) => [...binary(codeword, 8)].map((bit) => bit === '1'));
  for (const [row, column] of dataPath()) {
    if (modules[row]?.[column] !== undefined) continue;
    const mask = (row + column) % 2 === 0;
    set(row, column, (bits.shift() ?? false) !== mask);
  }
  return modules as boolean[][];
}

type Draw = (row: number, column: number, dark: boolean) => void;

/** The three corners: rings around a dark square, with a light edge. */
function drawFinders(set: Draw): void {
  const centres = [
    [3, 3],
    [3, SIZE - 4],
    [SIZE - 4, 3],
  ] as const;
  for (const [centreRow, centreColumn] of centres)
    for (let row = -4; row <= 4; row += 1)
      for (let column = -4; column <= 4; column += 1) {
        const ring = Math.max(Math.abs(row), Math.abs(column));
        set(centreRow + row, centreColumn + column, ring !== 2 && ring !== 4);
      }
}

/** Both copies of the format, and the module that is always dark. */
function drawFormat(set: Draw): void {
  for (let bit = 0; bit < 15; bit += 1) {
    const dark = ((FORMAT >> bit) & 1) === 1;
    if (bit < 8) {
      set(bit < 6 ? bit : bit + 1, 8, dark);
      set(8, SIZE - 1 - bit, dark);
    } else {
      set(8, bit === 8 ? 7 : 14 - bit, dark);
      set(SIZE - 15 + bit, 8, dark);
    }
  }
  set(SIZE - 8, 8, true);
}

function* dataPath(): Generator<readonly [row: number, column: number]> {
  let upwards = true;
  for (let right = SIZE - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1; // the timing pattern's column holds no data
    for (let step = 0; step < SIZE; step += 1) {
      const row = upwards ? SIZE - 1 - step : step;
      yield [row, right];
      yield [row, right - 1];
    }
    upwards = !upwards;
  }
}
