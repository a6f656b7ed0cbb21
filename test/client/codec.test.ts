import { expect, test } from 'vitest';
import { codecOf } from '../../src/client/codec.ts';

test.each([
  ['audio/opus', 'opus'],
  ['video/VP8', 'vp8'],
  ['video/vp9', 'vp9'],
  ['video/H264', undefined],
  ['audio/PCMU', undefined],
  ['video/rtx', undefined],
  ['', undefined],
])('%s is sealed as %s', (mimeType, codec) => expect(codecOf(mimeType)).toBe(codec));
