export type Codec = 'opus' | 'vp8' | 'vp9';

/**
 * Bytes at the beginning of a frame that stay readable, authenticated as metadata. A server that forwards VP8 looks for
 * the key-frame bit in the first byte; of the others it needs nothing (VP9's layers are in its payload descriptor,
 * outside the frame).
 */
export const CLEAR_PREFIX_BYTES: Readonly<Record<Codec, number>> = { opus: 0, vp8: 1, vp9: 0 };

/**
 * Whether a frame without bytes is to be left alone. Opus in DTX makes them in silence and nothing is sent for them;
 * sealed they would become packets, 50 a second. There is nothing in them to seal.
 */
export function mayBeEmpty(codec: Codec): boolean {
  return codec === 'opus';
}
