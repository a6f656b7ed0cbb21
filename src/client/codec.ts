import type { Codec } from '../crypto/index.ts';

const CODECS: Readonly<Record<string, Codec>> = { 'audio/opus': 'opus', 'video/vp8': 'vp8', 'video/vp9': 'vp9' };

/** `undefined` for a codec whose frames cannot be sealed here: nothing of it is sent or played. */
export function codecOf(mimeType: string): Codec | undefined {
  return CODECS[mimeType.toLowerCase()];
}
