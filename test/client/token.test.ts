import { describe, expect, test } from 'vitest';
import { CallError } from '../../src/base/index.ts';
import { claimsOf, readToken } from '../../src/client/token.ts';

const jwt = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe('a token', () => {
  test('that is a string is itself', async () => {
    expect(await readToken('abc')).toBe('abc');
  });

  test('that is a function is asked for every time', async () => {
    let asked = 0;
    const token = async () => `token ${++asked}`;
    expect([await readToken(token), await readToken(token)]).toEqual(['token 1', 'token 2']);
  });

  test('that could not be had is unavailable, so that it is tried again; the cause is kept', async () => {
    const cause = new TypeError('fetch failed');
    const token = () => Promise.reject(cause);
    await expect(readToken(token)).rejects.toMatchObject({ code: 'unavailable', retryable: true, cause });
  });

  test('whose function says a CallError keeps its code', async () => {
    const refusal = new CallError('unauthenticated', 'signed out');
    await expect(readToken(() => Promise.reject(refusal))).rejects.toBe(refusal);
  });
});

describe('what a token claims', () => {
  test.each([
    ['its claim', jwt({ room: 'standup' }), 'standup'],
    ['in base64url, with letters beyond ASCII beside it', jwt({ sub: 'Zoë ÿ?>', room: 'a_b-c' }), 'a_b-c'],
    ['none', jwt({ sub: 'ada' }), undefined],
    ['not a string', jwt({ room: 7 }), undefined],
    ['null for claims', jwt(null), undefined],
    ['not JSON', 'a.b.c', undefined],
    ['not base64', 'a.###.c', undefined],
    ['not a JWT', 'secret', undefined],
    ['empty', '', undefined],
  ])('%s', (_, token, room) => {
    expect(claimsOf(token).room).toBe(room);
  });

  test('user and device beside it; what is not a string is not there', () => {
    expect(claimsOf(jwt({ room: 'r', sub: 'ada', device: 'phone' }))).toEqual({
      room: 'r',
      user: 'ada',
      device: 'phone',
    });
    expect(claimsOf(jwt({ sub: 7, device: null }))).toEqual({ room: undefined, user: undefined, device: undefined });
  });
});
