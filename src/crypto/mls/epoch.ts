import type { ClientState } from 'ts-mls/clientState.js';
import { zeroOutUint8Array } from 'ts-mls/util/byteArray.js';
import type { Member } from './member.ts';

/**
 * What a member holds in one epoch (RFC 9420 section 2). It is never changed: whatever moves on gives another one, so
 * a refusal needs no undoing.
 */
export interface Epoch {
  readonly library: ClientState;
  readonly members: readonly Member[];
  /** The members of the past epochs whose messages still open. */
  readonly past: ReadonlyMap<bigint, readonly Member[]>;
}

export function numberOf({ library }: Epoch): bigint {
  return library.groupContext.epoch;
}

export function ownLeafOf({ library }: Epoch): number {
  return library.privatePath.leafIndex;
}

export function memberAt(members: readonly Member[], leaf: number): Member | undefined {
  return members.find((member) => member.leaf === leaf);
}

/** The epoch after `last`; remembers the members of as many epochs as the library keeps keys of. */
export function epochAfter(last: Epoch, library: ClientState, members: readonly Member[]): Epoch {
  const all = new Map(last.past).set(numberOf(last), last.members);
  const past = new Map([...all].filter(([epoch]) => library.historicalReceiverData.has(epoch)));
  return { library, members, past };
}

/** Overwrites secrets that nobody needs any more. The engine may have copied them: it is the best that can be done. */
export function wipe(secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) zeroOutUint8Array(secret);
}

/** Overwrites what an epoch that is over leaves behind. What opens its late messages stays: `past` needs it. */
export function forget({ library }: Epoch): void {
  const { exporterSecret, externalSecret, confirmationKey, membershipKey, initSecret } = library.keySchedule;
  wipe([exporterSecret, externalSecret, confirmationKey, membershipKey, initSecret]);
}
