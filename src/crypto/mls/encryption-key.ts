const X25519 = 'X25519';
const SECRET_BITS = 256;

let probe: Promise<CryptoKey> | undefined;

async function probeKey(): Promise<CryptoKey> {
  const { privateKey } = (await crypto.subtle.generateKey(X25519, false, ['deriveBits'])) as CryptoKeyPair;
  return privateKey;
}

/**
 * Whether others can encrypt to this X25519 key. Points of low order cannot be encrypted to (RFC 7748 section 6.1):
 * one such key in the tree and every later commit would fail in the hands of whoever makes it.
 */
export async function canEncryptTo(publicKey: Uint8Array): Promise<boolean> {
  probe ??= probeKey();
  try {
    const key = await crypto.subtle.importKey('raw', publicKey.slice(), X25519, false, []);
    const shared = await crypto.subtle.deriveBits({ name: X25519, public: key }, await probe, SECRET_BITS);
    return new Uint8Array(shared).some((byte) => byte !== 0);
  } catch {
    return false; // not a key, or the all-zero secret that browsers refuse to give
  }
}
