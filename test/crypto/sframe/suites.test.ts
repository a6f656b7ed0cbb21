import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { AeadInput } from '../../../src/crypto/sframe/aead-input.ts';
import { encodeHeader, MAX_HEADER_BYTES } from '../../../src/crypto/sframe/header.ts';
import { AES_128_GCM_SHA256_128, AES_256_GCM_SHA512_128 } from '../../../src/crypto/sframe/index.ts';
import { deriveSframeKey, importBaseKey, label } from '../../../src/crypto/sframe/key-derivation.ts';
import { hex } from './frames-fixture.ts';
import { type SuiteVector, sframeVectors } from './vectors.ts';

const SUITES = [AES_128_GCM_SHA256_128, AES_256_GCM_SHA512_128];

/** What the suites of RFC 9605 appendix C.3 have in common. */
const APPENDIX_C = {
  kid: '291',
  ctr: '17767',
  base_key: '000102030405060708090a0b0c0d0e0f',
  metadata: '4945544620534672616d65205747',
  aad: '99012345674945544620534672616d65205747',
  pt: '64726166742d696574662d736672616d652d656e63',
};

const RFC_VECTORS: readonly SuiteVector[] = [
  {
    ...APPENDIX_C,
    cipher_suite: 4,
    sframe_key_label: '534672616d6520312e3020536563726574206b65792000000000000001230004',
    sframe_salt_label: '534672616d6520312e30205365637265742073616c742000000000000001230004',
    sframe_key: 'd34f547f4ca4f9a7447006fe7fcbf768',
    sframe_salt: '75234edefe07819026751816',
    nonce: '75234edefe07819026755d71',
    ct: '9901234567b7412c2513a1b66dbb48841bbaf17f598751176ad847681a69c6d0b091c07018ce4adb34eb',
  },
  {
    ...APPENDIX_C,
    cipher_suite: 5,
    sframe_key_label: '534672616d6520312e3020536563726574206b65792000000000000001230005',
    sframe_salt_label: '534672616d6520312e30205365637265742073616c742000000000000001230005',
    sframe_key: 'd3e27b0d4a5ae9e55df01a70e6d4d28d969b246e2936f4b7a5d9b494da6b9633',
    sframe_salt: '84991c167b8cd23c93708ec7',
    nonce: '84991c167b8cd23c9370cba0',
    ct: '990123456794f509d36e9beacb0e261d99c7d1e972f1fed787d4049f17ca21353c1cc24d56ceabced279',
  },
];

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

async function expectVector(vector: SuiteVector): Promise<void> {
  const suite = SUITES.find(({ id }) => id === vector.cipher_suite);
  if (!suite) throw new Error(`suite ${vector.cipher_suite} is not built`);
  const keyId = BigInt(vector.kid);
  const counter = BigInt(vector.ctr);
  expect(hex(label('key', keyId, suite))).toBe(vector.sframe_key_label);
  expect(hex(label('salt', keyId, suite))).toBe(vector.sframe_salt_label);

  const baseKey = await importBaseKey(bytesOf(vector.base_key));
  const seals = await deriveSframeKey(baseKey, keyId, suite, 'encrypt');
  const opens = await deriveSframeKey(baseKey, keyId, suite, 'decrypt');
  expect(hex(seals.salt)).toBe(vector.sframe_salt);

  const metadata = bytesOf(vector.metadata);
  const scratch = new Uint8Array(MAX_HEADER_BYTES);
  const header = scratch.subarray(0, encodeHeader(scratch, keyId, counter));
  const params = new AeadInput(metadata.length).fill(seals.salt, counter, header, metadata);
  expect(hex(params.iv as Uint8Array)).toBe(vector.nonce);
  expect(hex(params.additionalData as Uint8Array)).toBe(vector.aad);

  const ciphertext = await crypto.subtle.encrypt(params, seals.key, bytesOf(vector.pt));
  expect(hex(header) + hex(ciphertext)).toBe(vector.ct);
  expect(hex(await crypto.subtle.decrypt(params, opens.key, ciphertext))).toBe(vector.pt);

  // The key cannot be read out: another library must come to the same with the key that is printed.
  const cipher = createCipheriv(
    `aes-${suite.keyBytes === 16 ? 128 : 256}-gcm`,
    bytesOf(vector.sframe_key),
    params.iv as Uint8Array,
  );
  cipher.setAAD(bytesOf(vector.aad));
  expect(hex(ciphertext)).toContain(hex(cipher.update(bytesOf(vector.pt))));
}

describe('suites', () => {
  test.each(RFC_VECTORS)('RFC 9605 appendix C.3, suite $cipher_suite', expectVector);

  const vectors = sframeVectors()?.sframe;
  if (!vectors) test.skip("the working group's suite vectors (skipped: no vectors)", () => undefined);
  for (const vector of vectors ?? []) {
    const isBuilt = SUITES.some(({ id }) => id === vector.cipher_suite);
    test.skipIf(!isBuilt)(
      `the working group's vector of suite ${vector.cipher_suite}${isBuilt ? '' : ' (skipped: suite not built)'}`,
      () => expectVector(vector),
    );
  }

  test('a key seals or opens, never both, and cannot be read out', async () => {
    const baseKey = await importBaseKey(new Uint8Array(16));
    const { key } = await deriveSframeKey(baseKey, 1n, AES_128_GCM_SHA256_128, 'encrypt');
    expect(key.usages).toEqual(['encrypt']);
    expect(key.extractable).toBe(false);
    expect(baseKey.extractable).toBe(false);
  });
});
