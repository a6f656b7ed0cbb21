/*
 * What a decoder looks at first, for telling media that is not sealed from noise.
 */

/** Samples a second in RTP timestamps of Opus (RFC 7587, section 4.1). */
const OPUS_CLOCK_PER_MS = 48;

/** Frame lengths of the 32 configurations of a TOC byte, in groups of four or two (RFC 6716, section 3.1). */
const SILK_MS = [10, 20, 40, 60];
const HYBRID_MS = [10, 20];
const CELT_MS = [2.5, 5, 10, 20];

/** How much sound an Opus packet says it holds, in RTP time; `undefined` when it says nothing that can be. */
export function opusDuration(packet: Uint8Array): number | undefined {
  const toc = packet[0];
  if (toc === undefined) return undefined;
  const config = toc >> 3;
  const frameMs = config < 12 ? SILK_MS[config % 4] : config < 16 ? HYBRID_MS[config % 2] : CELT_MS[(config - 16) % 4];
  const frames = [1, 2, 2, (packet[1] ?? 0) & 0x3f][toc & 3] ?? 0;
  return frames === 0 ? undefined : (frameMs ?? 0) * frames * OPUS_CLOCK_PER_MS;
}

/** VP8's frame header (RFC 6386, section 9.1). */
export interface Vp8Frame {
  /** `undefined` in what is no key frame. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
}

const KEY_FRAME_HEADER_BYTES = 10;
const DELTA_FRAME_HEADER_BYTES = 3;

/** `undefined` for what no decoder would begin: no start code, no size, or a first part longer than the frame. */
export function parseVp8(bytes: Uint8Array): Vp8Frame | undefined {
  const [a = 0, b = 0, c = 0] = bytes;
  const tag = a | (b << 8) | (c << 16);
  const isKey = (tag & 1) === 0;
  const headerBytes = isKey ? KEY_FRAME_HEADER_BYTES : DELTA_FRAME_HEADER_BYTES;
  const version = (tag >> 1) & 7;
  if (version > 3 || headerBytes + (tag >> 5) > bytes.length) return undefined;
  if (!isKey) return { size: undefined };
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const width = view.getUint16(6, true) & 0x3fff;
  const height = view.getUint16(8, true) & 0x3fff;
  const starts = bytes[3] === 0x9d && bytes[4] === 0x01 && bytes[5] === 0x2a;
  return starts && width > 0 && height > 0 ? { size: { width, height } } : undefined;
}

/** Whether the bytes begin as a VP9 frame does: the frame marker, and in key frames of profile 0 the sync code. */
export function parseVp9(bytes: Uint8Array): { readonly isKey: boolean } | undefined {
  const first = bytes[0] ?? 0;
  if (first >> 6 !== 2) return undefined; // frame marker
  const isKey = (first & 0x3c) === 0; // profile 0, shown before: no, frame type: key
  const hasSync = bytes[1] === 0x49 && bytes[2] === 0x83 && bytes[3] === 0x42;
  return isKey && !hasSync ? undefined : { isKey };
}

/** Bits of entropy per byte, of single bytes: 8 for noise. */
export function entropyBits(bytes: Uint8Array): number {
  return histogram(bytes).reduce((sum, count) => {
    const share = count / bytes.length;
    return count === 0 ? sum : sum - share * Math.log2(share);
  }, 0);
}

/** Pearson's statistic against bytes that are all equally frequent: 255 for noise, give or take 23. */
export function chiSquare(bytes: Uint8Array): number {
  const expected = bytes.length / 256;
  return histogram(bytes).reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function histogram(bytes: Uint8Array): number[] {
  const counts: number[] = new Array(256).fill(0);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  return counts;
}
