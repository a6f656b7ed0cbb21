import { type CiphersuiteImpl, getCiphersuiteFromName } from 'ts-mls/crypto/ciphersuite.js';
import { getCiphersuiteImpl } from 'ts-mls/crypto/getCiphersuiteImpl.js';

/** Suite 1 of RFC 9420 section 17.1: the one that every browser's WebCrypto has, and the fastest there. */
export const SUITE_NAME = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519';

export type Suite = CiphersuiteImpl;

let made: Promise<Suite> | undefined;

export function suite(): Promise<Suite> {
  made ??= getCiphersuiteImpl(getCiphersuiteFromName(SUITE_NAME));
  return made;
}
