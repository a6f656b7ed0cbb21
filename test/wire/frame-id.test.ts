import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeClientFrame, frameIdOf } from '../../src/wire/index.ts';
import { clientMessage, frameId } from './frame-arbitraries.ts';

describe('frame id', () => {
  test('is read without decoding, also from a cut frame', () => {
    fc.assert(
      fc.property(frameId, clientMessage, (id, body) => {
        const bytes = encodeClientFrame(id, body);
        expect(frameIdOf(bytes)).toBe(id);
        expect(frameIdOf(bytes.subarray(0, 6))).toBe(id);
      }),
    );
  });

  test.each([
    ['nothing', []],
    ['another field first', [0x12, 0x00]],
    ['half a varint', [0x08, 0x80]],
    ['more than 32 bits', [0x08, 0xff, 0xff, 0xff, 0xff, 0x1f]],
    ['an endless varint', [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ])('%s has none', (_what, bytes) => {
    expect(frameIdOf(Uint8Array.from(bytes))).toBe(0);
  });
});
