import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { palettePng } from './palette-png.ts';

function chunk(type: string, body: Buffer): Buffer {
  const framed = Buffer.alloc(body.length + 12);
  framed.writeUInt32BE(body.length, 0);
  framed.write(type, 4, 'latin1');
  body.copy(framed, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, body.length + 8)), body.length + 8);
  return framed;
}

/** The body of the chunk of that type. */
function bodyOf(png: Buffer, type: string): Buffer {
  const at = png.indexOf(type, 0, 'latin1');
  return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
}

test('every filter of PNG is undone, and each pixel keeps its colour', () => {
  // Two pixels a row, red and blue, then the same written with each of the other filters.
  const rows = [
    [0, 200, 0, 0, 0, 0, 200],
    [1, 200, 0, 0, 56, 0, 200],
    [2, 0, 0, 0, 0, 0, 0],
    [3, 100, 0, 0, 156, 0, 100],
    [4, 0, 0, 0, 0, 0, 0],
  ];
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, rows.length, 8, 2, 0, 0, 0]);
  const body = deflateSync(Buffer.from(rows.flat()));
  const png = Buffer.concat([Buffer.alloc(8), chunk('IHDR', header), chunk('IDAT', body)]);

  const small = palettePng(png);
  const palette = bodyOf(small, 'PLTE');
  const indexes = inflateSync(bodyOf(small, 'IDAT'));
  for (let row = 0; row < rows.length; row += 1) {
    const colours = [1, 2].map((x) => [...palette.subarray(3 * (indexes[row * 3 + x] ?? 0)).subarray(0, 3)]);
    expect(colours).toEqual([
      [200, 0, 0],
      [0, 0, 200],
    ]);
  }
});
