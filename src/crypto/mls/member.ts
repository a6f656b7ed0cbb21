import type { MemberCredential } from './credential.ts';

/** One leaf of the group, whose proof we have checked. */
export interface Member {
  /** Index of the leaf (RFC 9420 section 7), as frames name their sender. Free again once the member is removed. */
  readonly leaf: number;
  readonly credential: MemberCredential;
  /** Ed25519, 32 bytes: the device, from call to call. */
  readonly signatureKey: Uint8Array;
  /** As the member calls itself; `undefined` where the admission seals no names. */
  readonly name: string | undefined;
}
