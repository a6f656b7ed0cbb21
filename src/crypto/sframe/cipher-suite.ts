/**
 * A row of RFC 9605, table 1. Only AES-GCM with its whole tag is built: a short tag saves bytes and invites guessing.
 */
export interface CipherSuite {
  /** IANA's number (RFC 9605, section 8.1). It goes into the key's label, so two suites never share a key. */
  readonly id: number;
  readonly hash: 'SHA-256' | 'SHA-512';
  /** Nk. */
  readonly keyBytes: 16 | 32;
}

export const AES_128_GCM_SHA256_128: CipherSuite = { id: 0x0004, hash: 'SHA-256', keyBytes: 16 };
export const AES_256_GCM_SHA512_128: CipherSuite = { id: 0x0005, hash: 'SHA-512', keyBytes: 32 };

/** Nn of both suites. */
export const NONCE_BYTES = 12;

/** Nt of both suites. */
export const TAG_BYTES = 16;
