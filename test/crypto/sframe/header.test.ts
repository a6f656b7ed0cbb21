import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHeader, encodeHeader, MAX_HEADER_BYTES } from '../../../src/crypto/sframe/header.ts';
import { hex } from './frames-fixture.ts';
import { sframeVectors } from './vectors.ts';

function encoded(keyId: bigint, counter: bigint): string {
  const bytes = new Uint8Array(MAX_HEADER_BYTES);
  return hex(bytes.subarray(0, encodeHeader(bytes, keyId, counter)));
}

function expectBothWays(keyId: bigint, counter: bigint, text: string): void {
  const bytes = Buffer.from(text, 'hex');
  expect(encoded(keyId, counter)).toBe(text);
  expect(decodeHeader(bytes, 0)).toEqual({ keyId, counter, length: bytes.length });
}

const uint64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 300n }),
  fc.integer({ min: 0, max: 64 }).map((bits) => BigInt.asUintN(64, (1n << BigInt(bits)) - 1n)),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);

describe('header', () => {
  test.each([
    [0n, 0n, '00'],
    [0n, 1n, '01'],
    [0n, 255n, '08ff'],
    [0n, 256n, '090100'],
    [0n, 2n ** 64n - 1n, '0fffffffffffffffff'],
    [1n, 0n, '10'],
    [255n, 0n, '80ff'],
    [255n, 255n, '88ffff'],
    [0x123n, 0x4567n, '9901234567'],
    [2n ** 64n - 1n, 2n ** 64n - 1n, 'ffffffffffffffffffffffffffffffffff'],
  ])('RFC 9605 appendix C: key id %s and counter %s are %s', expectBothWays);

  const vectors = sframeVectors()?.header;
  test.skipIf(!vectors)(`the working group's header vectors${vectors ? '' : ' (skipped: no vectors)'}`, () => {
    expect(vectors?.length).toBeGreaterThan(200);
    for (const { kid, ctr, encoded: text } of vectors ?? []) expectBothWays(BigInt(kid), BigInt(ctr), text);
  });

  test('any two 64-bit integers come back, from any place in the bytes', () => {
    fc.assert(
      fc.property(uint64, uint64, fc.integer({ min: 0, max: 3 }), (keyId, counter, start) => {
        const text = encoded(keyId, counter);
        const bytes = Buffer.concat([Buffer.alloc(start, 0xff), Buffer.from(text, 'hex'), Buffer.alloc(4, 0xff)]);
        expect(decodeHeader(bytes, start)).toEqual({ keyId, counter, length: text.length / 2 });
      }),
    );
  });

  test('a header has one encoding: what decodes, encodes to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes) => {
        const header = decodeHeader(bytes, 0);
        if (header) expect(encoded(header.keyId, header.counter)).toBe(hex(bytes.subarray(0, header.length)));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['nothing', ''],
    ['a key id that is not there', '80'],
    ['half a counter', '09ff'],
    ['a key id of 7 in a byte of its own', '8007'],
    ['a counter of 0 in a byte of its own', '0800'],
    ['a key id with a leading zero', '9000ff'],
    ['a counter with a leading zero', '0900ff'],
    ["Opus's silence", 'f8fffe'],
  ])('%s is no header', (_what, text) => {
    expect(decodeHeader(Buffer.from(text, 'hex'), 0)).toBeUndefined();
  });
});
