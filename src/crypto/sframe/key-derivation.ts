import { type CipherSuite, NONCE_BYTES } from './cipher-suite.ts';

/**
 * What seals or opens the frames of one key id, never both (RFC 9605, section 4.4.1). The key itself cannot be read
 * out.
 */
export interface SframeKey {
  readonly key: CryptoKey;
  /** Every nonce is this, XORed with the frame's counter. */
  readonly salt: Uint8Array;
}

/** Hands the bytes to WebCrypto, which does not give them back. The caller's copy stays the caller's to wipe. */
export async function importBaseKey(bytes: Uint8Array): Promise<CryptoKey> {
  const copy = Uint8Array.from(bytes);
  try {
    return await crypto.subtle.importKey('raw', copy, 'HKDF', false, ['deriveKey', 'deriveBits']);
  } finally {
    copy.fill(0);
  }
}

/** RFC 9605, section 4.4.2. HKDF in WebCrypto is Extract with this empty salt and Expand in one. */
export async function deriveSframeKey(
  baseKey: CryptoKey,
  keyId: bigint,
  suite: CipherSuite,
  usage: 'encrypt' | 'decrypt',
): Promise<SframeKey> {
  const { subtle } = crypto;
  const hkdf = { name: 'HKDF', hash: suite.hash, salt: new Uint8Array(0) };
  const aes = { name: 'AES-GCM', length: suite.keyBytes * 8 };
  const [key, salt] = await Promise.all([
    subtle.deriveKey({ ...hkdf, info: label('key', keyId, suite) }, baseKey, aes, false, [usage]),
    subtle.deriveBits({ ...hkdf, info: label('salt', keyId, suite) }, baseKey, NONCE_BYTES * 8),
  ]);
  return { key, salt: new Uint8Array(salt) };
}

/** The words, the key id in 8 bytes and the suite in 2. */
export function label(what: 'key' | 'salt', keyId: bigint, suite: CipherSuite): Uint8Array<ArrayBuffer> {
  const words = new TextEncoder().encode(`SFrame 1.0 Secret ${what} `);
  const bytes = new Uint8Array(words.length + 10);
  bytes.set(words);
  const numbers = new DataView(bytes.buffer, words.length);
  numbers.setBigUint64(0, keyId);
  numbers.setUint16(8, suite.id);
  return bytes;
}
