import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Eight bits of an index for each pixel. */
const MAX_COLOURS = 256;

/** The colours of the page itself, which come most, stay exactly as they are. */
const KEPT_COLOURS = 64;

/** Colours nearer than this to each other count as one while they are counted: eyes see no difference in a screenshot. */
const COUNTED_BITS = 5;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Pixels of three bytes, row after row. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

interface Shade {
  readonly rgb: readonly [number, number, number];
  readonly count: number;
}

/** The same picture in at most 256 colours, a fraction as large (PNG, third edition; colours by median cut). */
export function palettePng(png: Uint8Array): Buffer {
  const { width, height, rgb } = decode(Buffer.from(png));
  const kept = commonest(rgb);
  const keptIndexes = new Map(kept.map((colour, index) => [colour, index]));
  const boxes = cut([...shadesOf(rgb).values()], MAX_COLOURS - kept.length);
  const indexes = new Map(
    boxes.flatMap((box, index) => box.map((shade) => [keyOf(...shade.rgb), kept.length + index] as const)),
  );
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = 3 * (y * width + x);
      const index = keptIndexes.get(rgb.readUIntBE(at, 3)) ?? indexes.get(keyAt(rgb, at)) ?? 0;
      rows[y * (width + 1) + 1 + x] = index;
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const palette = Buffer.from([...kept.flatMap(channelsOf), ...boxes.flatMap(meanOf)]);
  const body = deflateSync(rows, { level: 9 });
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('PLTE', palette), chunk('IDAT', body), chunk('IEND')]);
}

/** What Chromium writes: eight bits a channel, not interlaced, with or without alpha. */
function decode(png: Buffer): Picture {
  const parts: Buffer[] = [];
  let [width, height, channels] = [0, 0, 0];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      channels = body[9] === 6 ? 4 : 3;
      if (body[8] !== 8 || ![2, 6].includes(body[9] ?? 0) || body[12] !== 0) throw new RangeError('not a screenshot');
    }
    if (type === 'IDAT') parts.push(body);
    at += length + 12;
  }
  const raw = unfiltered(inflateSync(Buffer.concat(parts)), width * channels, channels);
  const rgb = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1)
    raw.copy(rgb, 3 * pixel, channels * pixel, channels * pixel + 3);
  return { width, height, rgb };
}

/** Section 9: each byte was written as a difference from those to the left and above. */
function unfiltered(filtered: Buffer, stride: number, channels: number): Buffer {
  const rows = filtered.length / (stride + 1);
  const raw = Buffer.alloc(rows * stride);
  for (let row = 0; row < rows; row += 1) {
    const filter = filtered[row * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x += 1) {
      const at = row * stride + x;
      const left = x < channels ? 0 : (raw[at - channels] ?? 0);
      const above = row === 0 ? 0 : (raw[at - stride] ?? 0);
      const corner = row === 0 || x < channels ? 0 : (raw[at - stride - channels] ?? 0);
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0;
      raw[at] = (filtered[row * (stride + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return raw;
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

const keyOf = (red: number, green: number, blue: number) => {
  const shift = 8 - COUNTED_BITS;
  return ((red >> shift) << (2 * COUNTED_BITS)) | ((green >> shift) << COUNTED_BITS) | (blue >> shift);
};

const keyAt = (rgb: Buffer, at: number) => keyOf(rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0);

const channelsOf = (colour: number) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];

function commonest(rgb: Buffer): readonly number[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < rgb.length; at += 3) {
    const colour = rgb.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([, a], [, b]) => b - a).slice(0, KEPT_COLOURS);
  return ranked.map(([colour]) => colour);
}

/** The mean of each group of colours, and how often it comes. */
function shadesOf(rgb: Buffer): ReadonlyMap<number, Shade> {
  const sums = new Map<number, [red: number, green: number, blue: number, count: number]>();
  for (let at = 0; at < rgb.length; at += 3) {
    const [red, green, blue] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
    const key = keyOf(red, green, blue);
    const sum = sums.get(key);
    if (!sum) sums.set(key, [red, green, blue, 1]);
    else {
      sum[0] += red;
      sum[1] += green;
      sum[2] += blue;
      sum[3] += 1;
    }
  }
  return new Map(
    [...sums].map(([key, [red, green, blue, count]]) => {
      const mean = (sum: number) => Math.floor(sum / count); // rounding up could leave the group
      return [key, { rgb: [mean(red), mean(green), mean(blue)], count }];
    }),
  );
}

/** Cuts the box with the widest colours in two, until there are enough boxes. */
function cut(shades: readonly Shade[], most: number): readonly (readonly Shade[])[] {
  const boxes: (readonly Shade[])[] = [shades];
  while (boxes.length < most) {
    const ranked = boxes.map((box, index) => ({ index, box, ...widest(box) })).sort((a, b) => b.width - a.width);
    const first = ranked[0];
    if (!first || first.width === 0) break;
    const sorted = [...first.box].sort((a, b) => a.rgb[first.channel] - b.rgb[first.channel]);
    const half = Math.ceil(sorted.length / 2);
    boxes.splice(first.index, 1, sorted.slice(0, half), sorted.slice(half));
  }
  return boxes;
}

function widest(box: readonly Shade[]): { readonly channel: 0 | 1 | 2; readonly width: number } {
  const spans = ([0, 1, 2] as const).map((channel) => {
    const values = box.map(({ rgb }) => rgb[channel]);
    return { channel, width: Math.max(...values) - Math.min(...values) };
  });
  return spans.sort((a, b) => b.width - a.width)[0] ?? { channel: 0, width: 0 };
}

function meanOf(box: readonly Shade[]): readonly number[] {
  const total = box.reduce((sum, { count }) => sum + count, 0);
  return ([0, 1, 2] as const).map((channel) =>
    Math.round(box.reduce((sum, { rgb, count }) => sum + rgb[channel] * count, 0) / total),
  );
}

function chunk(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(body.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
