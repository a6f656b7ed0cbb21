import { createCipheriv, hkdfSync } from 'node:crypto';

/** RFC 9605 written down once more, slowly and with another library, to hold the real one against. */
export interface ReferenceFrame {
  readonly baseKey: Uint8Array;
  readonly keyId: number;
  readonly counter: number;
  readonly metadata: Uint8Array;
  readonly plaintext: Uint8Array;
}

/** Header, ciphertext and tag of AES_128_GCM_SHA256_128 (sections 4.3, 4.4.2 and 4.4.3). */
export function referenceSeal({ baseKey, keyId, counter, metadata, plaintext }: ReferenceFrame): Buffer {
  const key = derived(baseKey, 'key', keyId, 16);
  const nonce = derived(baseKey, 'salt', keyId, 12);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ counter) >>> 0, 8);
  const header = referenceHeader(keyId, counter);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  cipher.setAAD(Buffer.concat([header, metadata]));
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function referenceHeader(keyId: number, counter: number): Buffer {
  const [kid, ctr] = [keyId, counter].map((value) => (value < 8 ? '' : minimalHex(value)));
  const half = (value: number, hex = '') => (hex === '' ? value : 7 + hex.length / 2);
  const config = half(keyId, kid) * 16 + half(counter, ctr);
  return Buffer.from(`${config.toString(16).padStart(2, '0')}${kid}${ctr}`, 'hex');
}

function minimalHex(value: number): string {
  const hex = value.toString(16);
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

function derived(baseKey: Uint8Array, what: 'key' | 'salt', keyId: number, length: number): Buffer {
  const info = Buffer.concat([Buffer.from(`SFrame 1.0 Secret ${what} `), Buffer.alloc(10)]);
  info.writeUInt32BE(keyId, info.length - 6);
  info.writeUInt16BE(4, info.length - 2);
  return Buffer.from(hkdfSync('sha256', baseKey, new Uint8Array(0), info, length));
}
