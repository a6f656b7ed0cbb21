import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FrameOwner, keyIdOf, MAX_LEAVES, parseKeyId } from '../../../src/crypto/sframe/key-id.ts';

const SOURCES: readonly FrameOwner['source'][] = ['microphone', 'camera', 'screen', 'screen-audio'];

describe('key id', () => {
  test.each([
    [14n, 3, 0x3en],
    [14n, 20, 0x14en],
    [15n, 5, 0x5fn],
    [17n, 33, 0x211n],
    [17n, 51, 0x331n],
  ])('epoch %s and leaf %s give what RFC 9605 prints in figure 9', (epoch, leafIndex, keyId) => {
    expect(keyIdOf({ leafIndex, source: 'microphone' }, epoch)).toBe(keyId);
  });

  test('the source is the context, above 10 bits of leaf and 4 of epoch', () => {
    const keyIds = SOURCES.map((source) => keyIdOf({ leafIndex: 2, source }, 16n));
    expect(keyIds).toEqual([0x0020n, 0x4020n, 0x8020n, 0xc020n]);
  });

  test('every source of every leaf comes back, in two bytes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: MAX_LEAVES - 1 }),
        fc.constantFrom(...SOURCES),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (leafIndex, source, epoch) => {
          const keyId = keyIdOf({ leafIndex, source }, epoch);
          expect(keyId).toBeLessThan(0x10000n);
          expect(parseKeyId(keyId)).toEqual({ leafIndex, source, slot: Number(epoch % 16n) });
        },
      ),
    );
  });

  test('what is above two bits of context belongs to nobody', () => {
    expect(parseKeyId(0x10000n)).toBeUndefined();
    expect(parseKeyId(2n ** 64n - 1n)).toBeUndefined();
  });
});
