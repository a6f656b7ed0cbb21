/** A device's long-lived Ed25519 key pair (RFC 8032), 32 bytes each. Who holds `secretKey` is that device. */
export interface SignatureKeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** PKCS #8 puts a fixed header before the 32 bytes of an Ed25519 secret key (RFC 8410 section 7). */
const SECRET_KEY_BYTES = 32;

export async function createSignatureKeyPair(): Promise<SignatureKeyPair> {
  const { publicKey, privateKey } = (await crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  const wrapped = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
  return { publicKey: raw, secretKey: wrapped.slice(-SECRET_KEY_BYTES) };
}
