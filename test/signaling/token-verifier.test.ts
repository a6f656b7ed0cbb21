import { createHmac, randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { TokenVerifier } from '../../src/signaling/index.ts';

const NOW_S = 1_800_000_000;
const SKEW_S = 60;

let publicKey: JWK;
let privateKey: CryptoKey;
let otherPrivateKey: CryptoKey;

beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  publicKey = { ...(await exportJWK(pair.publicKey)), kid: 'k1' };
  privateKey = pair.privateKey;
  otherPrivateKey = (await generateKeyPair('EdDSA', { crv: 'Ed25519' })).privateKey;
});

const good = () => ({
  aud: 'conclave',
  iat: NOW_S - 10,
  exp: NOW_S + 290,
  jti: randomUUID(),
  room: 'team-standup',
  sub: 'alice',
  device: 'phone',
  role: 'speaker',
});
type Payload = Record<string, unknown>;

function sign(payload: Payload, { header = {}, key = privateKey }: { header?: Payload; key?: CryptoKey } = {}) {
  return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', kid: 'k1', ...header }).sign(key);
}

const part = (json: unknown) => Buffer.from(JSON.stringify(json)).toString('base64url');

/** The code, or the claims' role when it is accepted. */
async function outcome(token: string, verifier?: TokenVerifier, nowMs = NOW_S * 1000): Promise<string> {
  const by = verifier ?? (await TokenVerifier.open([publicKey]));
  return by.verify(token, nowMs).then(
    ({ role }) => role,
    (error) => error.code,
  );
}

describe('token verifier', () => {
  test('a good token says who it is', async () => {
    const verifier = await TokenVerifier.open([publicKey]);
    const claims = await verifier.verify(await sign(good()), NOW_S * 1000);
    expect(claims).toMatchObject({ room: 'team-standup', sub: 'alice', device: 'phone', role: 'speaker' });
    expect(claims.moderator).toBeUndefined(); // a right that is not given is not there
  });

  test('each token serves once, also when it is shown twice at the same time', async () => {
    const verifier = await TokenVerifier.open([publicKey]);
    const token = await sign(good());
    const outcomes = await Promise.all([outcome(token, verifier), outcome(token, verifier)]);
    expect(outcomes.sort()).toEqual(['speaker', 'token-used']);
    expect(await outcome(token, verifier)).toBe('token-used');
  });

  test('a token that was refused is not used up', async () => {
    const verifier = await TokenVerifier.open([publicKey]);
    const token = await sign({ ...good(), nbf: NOW_S + 300 });
    expect(await outcome(token, verifier)).toBe('unauthenticated');
    expect(await outcome(token, verifier, (NOW_S + 300) * 1000)).toBe('speaker');
  });

  test.each<[string, string, Payload]>([
    ['a listener', 'listener', { role: 'listener' }],
    ['aud among others', 'speaker', { aud: ['other', 'conclave'] }],
    ['one hour', 'speaker', { iat: NOW_S, exp: NOW_S + 3600 }],
    ['one hour and a second', 'unauthenticated', { iat: NOW_S, exp: NOW_S + 3601 }],
    ['expired within the skew', 'speaker', { exp: NOW_S - SKEW_S + 1 }],
    ['expired at the edge of the skew', 'token-expired', { exp: NOW_S - SKEW_S }],
    ['expired ten minutes ago', 'token-expired', { iat: NOW_S - 900, exp: NOW_S - 600 }],
    ['not yet, within the skew', 'speaker', { nbf: NOW_S + SKEW_S }],
    ['not yet', 'unauthenticated', { nbf: NOW_S + SKEW_S + 1 }],
    ['issued within the skew', 'speaker', { iat: NOW_S + SKEW_S }],
    ['issued in ten minutes', 'unauthenticated', { iat: NOW_S + 600, exp: NOW_S + 900 }],
    ['another audience', 'unauthenticated', { aud: 'other' }],
    ['no audience', 'unauthenticated', { aud: undefined }],
    ['no exp', 'unauthenticated', { exp: undefined }],
    ['exp as text', 'unauthenticated', { exp: '1900000000' }],
    ['no iat', 'unauthenticated', { iat: undefined }],
    ['no jti', 'unauthenticated', { jti: undefined }],
    ['empty jti', 'unauthenticated', { jti: '' }],
    ['huge jti', 'unauthenticated', { jti: 'j'.repeat(129) }],
    ['no room', 'unauthenticated', { room: undefined }],
    ['unicode room', 'unauthenticated', { room: 'züri' }],
    ['room with a path in it', 'unauthenticated', { room: '../admin' }],
    ['empty room', 'unauthenticated', { room: '' }],
    ['huge room', 'unauthenticated', { room: 'r'.repeat(129) }],
    ['room as a number', 'unauthenticated', { room: 7 }],
    ['no user', 'unauthenticated', { sub: undefined }],
    ['no device', 'unauthenticated', { device: undefined }],
    ['no role', 'unauthenticated', { role: undefined }],
    ['unknown role', 'unauthenticated', { role: 'admin' }],
    ['a moderator', 'speaker', { moderator: true }],
    ['a moderator in words', 'unauthenticated', { moderator: 'true' }],
  ])('%s: %s', async (_what, expected, change) => {
    expect(await outcome(await sign({ ...good(), ...change }))).toBe(expected);
  });

  test('another kid, no kid, and a kid of Object.prototype are refused', async () => {
    expect(await outcome(await sign(good(), { header: { kid: 'k2' } }))).toBe('unauthenticated');
    expect(await outcome(await sign(good(), { header: { kid: undefined } }))).toBe('unauthenticated');
    expect(await outcome(await sign(good(), { header: { kid: '__proto__' } }))).toBe('unauthenticated');
  });

  test('another key under our kid is refused, before its exp is believed', async () => {
    expect(await outcome(await sign(good(), { key: otherPrivateKey }))).toBe('unauthenticated');
    expect(await outcome(await sign({ ...good(), exp: 1 }, { key: otherPrivateKey }))).toBe('unauthenticated');
  });

  test('alg none is refused, with and without a signature', async () => {
    const unsigned = `${part({ alg: 'none', kid: 'k1' })}.${part(good())}`;
    const signature = (await sign(good())).split('.')[2];
    expect(await outcome(`${unsigned}.`)).toBe('unauthenticated');
    expect(await outcome(`${unsigned}.${signature}`)).toBe('unauthenticated');
  });

  test('HS256 with the public key as its secret is refused', async () => {
    const signed = `${part({ alg: 'HS256', kid: 'k1' })}.${part(good())}`;
    for (const secret of [JSON.stringify(publicKey), Buffer.from(publicKey.x ?? '', 'base64url')]) {
      const mac = createHmac('sha256', secret).update(signed).digest('base64url');
      expect(await outcome(`${signed}.${mac}`)).toBe('unauthenticated');
    }
  });

  test('a key that the token brings along is not used', async () => {
    const header = { kid: undefined, jwk: { ...publicKey, kid: undefined } };
    expect(await outcome(await sign(good(), { header }))).toBe('unauthenticated');
  });

  test.each([
    ['empty', ''],
    ['no JWT', 'hello'],
    ['dots', '..'],
    ['null bytes', '\0.\0.\0'],
    ['huge', 'e'.repeat(1_000_000)],
    ['deep', `${part({ alg: 'EdDSA', kid: 'k1' })}.${Buffer.from('['.repeat(1_000)).toString('base64url')}.AA`],
  ])('%s is refused', async (_what, token) => {
    expect(await outcome(token)).toBe('unauthenticated');
  });

  test('a huge token is refused though its signature is good', async () => {
    expect(await outcome(await sign({ ...good(), extra: 'x'.repeat(5_000) }))).toBe('unauthenticated');
  });

  test('any changed character of a token is refused', async () => {
    const verifier = await TokenVerifier.open([publicKey]);
    const token = await sign(good());
    for (let at = 0; at < token.length - 1; at += 3) {
      const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
      expect(await outcome(changed, verifier), `character ${at}`).toBe('unauthenticated');
    }
  });

  test('refusals say which claim, and no part of the token', async () => {
    const verifier = await TokenVerifier.open([publicKey]);
    const error = await verifier.verify(await sign({ ...good(), room: 'gehäim' }), NOW_S * 1000).catch((e) => e);
    expect(error.message).toBe('token refused: claim room is missing or bad');
  });

  test('keys are only public Ed25519 keys, each under its own kid', async () => {
    const secret = {
      ...(await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).privateKey)),
      kid: 'p',
    };
    await expect(TokenVerifier.open([{ ...publicKey, kid: '' }])).rejects.toThrow('no kid');
    await expect(TokenVerifier.open([publicKey, publicKey])).rejects.toThrow('twice');
    await expect(TokenVerifier.open([{ kty: 'oct', k: 'AA', kid: 'h' }])).rejects.toThrow('not an Ed25519 key');
    await expect(TokenVerifier.open([secret])).rejects.toThrow('private key');
  });

  test('the longest lifetime is a setting', async () => {
    const verifier = await TokenVerifier.open([publicKey], { maxLifetimeS: 200 });
    expect(await outcome(await sign(good()), verifier)).toBe('unauthenticated');
  });
});
