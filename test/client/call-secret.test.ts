import { describe, expect, test } from 'vitest';
import { fromFragment, randomSecret, secretBytes, toFragment } from '../../src/client/call-secret.ts';

const SECRET = 'AbC-_0123456789defGHIJ';

describe('the secret of a call', () => {
  test('is 128 random bits in 22 characters that a link bears', () => {
    const secrets = Array.from({ length: 50 }, randomSecret);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(new Set(secrets).size).toBe(50);
    expect(secretBytes(secrets[0] ?? '').length).toBe(16);
  });

  test.each([
    [{ secret: SECRET, lobby: false }, `#k=${SECRET}`],
    [{ secret: SECRET, lobby: true }, `#k=${SECRET}&lobby`],
  ])('%o in a fragment is %s, and back', (link, fragment) => {
    expect(toFragment(link)).toBe(fragment);
    expect(fromFragment(fragment)).toEqual(link);
  });

  test.each([
    '',
    '#',
    `#k=${SECRET.slice(1)}`,
    `#k=${SECRET}&other`,
    `#k=${SECRET}=`,
    `k=${SECRET}`,
    `#k=${'A'.repeat(87)}`,
  ])('half a link has none: "%s"', (fragment) => expect(fromFragment(fragment)).toBeUndefined());

  test('reads base64url of 16 bytes and more', () => {
    expect([...secretBytes('-_-_AAAAAAAAAAAAAAAAAA')].slice(0, 3)).toEqual([0xfb, 0xff, 0xbf]);
    expect(secretBytes('A'.repeat(43)).length).toBe(32);
  });

  test.each(['', 'AAAA', 'A'.repeat(20), '?'.repeat(22)])('"%s" is invalid', (secret) => {
    expect(() => secretBytes(secret)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});
