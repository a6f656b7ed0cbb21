import { describe, expect, test } from 'vitest';
import { digitCode } from '../../../src/crypto/call-code/index.ts';

const exported = Uint8Array.from({ length: 32 }, (_, index) => index);

describe('the 30 digits', () => {
  test('are six groups of five, the same for the same epoch', async () => {
    const code = await digitCode(exported);
    expect(code).toHaveLength(6);
    for (const group of code) expect(group).toMatch(/^\d{5}$/);
    expect(await digitCode(exported)).toEqual(code);
  });

  test('are those of PBKDF2 from another hand', async () => {
    expect(await digitCode(exported)).toEqual(['15426', '55655', '06081', '16031', '76268', '52129']);
  });

  test('are others when one bit is', async () => {
    const other = exported.with(31, 30);
    const [a, b] = await Promise.all([digitCode(exported), digitCode(other)]);
    expect(a.filter((group, index) => group === b[index])).toEqual([]);
  });

  test('want the whole 32 bytes', async () => {
    await expect(digitCode(exported.subarray(1))).rejects.toThrow(RangeError);
  });
});
