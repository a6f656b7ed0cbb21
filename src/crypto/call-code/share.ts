import { sha256 } from '@noble/hashes/sha2.js';
import type { MemberId } from '../../base/index.ts';
import { type CodeEmoji, sixEmoji } from './emoji.ts';
import { compareBytes } from './round-id.ts';

/**
 * What one member adds to the code: random, so that its hash gives nothing away and no second share has the same hash.
 */
export const SHARE_BYTES = 32;

const LABEL = new TextEncoder().encode('conclave emoji code v1');

/** SHA-256 of round and share, as sealed.proto says. */
export function commitmentOf(roundId: Uint8Array, share: Uint8Array): Uint8Array<ArrayBuffer> {
  return hashOf([roundId, share]);
}

export function fits(share: Uint8Array, commitment: Uint8Array, roundId: Uint8Array): boolean {
  return compareBytes(commitmentOf(roundId, share), commitment) === 0;
}

/**
 * The code of a round: the epoch authenticator (RFC 9420, section 8.7) binds it to who is in the group, the shares to
 * nobody's wish.
 */
export function emojiOfShares(
  authenticator: Uint8Array,
  roundId: Uint8Array,
  shares: ReadonlyMap<MemberId, Uint8Array>,
): readonly CodeEmoji[] {
  const inOrder = [...shares].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, share]) => share);
  return sixEmoji(hashOf([LABEL, authenticator, roundId, ...inOrder]));
}

/** All parts but one label have a fixed length, so that no two lists of parts read the same. */
function hashOf(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const hash = sha256.create();
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
}
