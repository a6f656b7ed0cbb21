import type { MemberCredential } from './credential.ts';

/** What a proof is about: this person's device, this stay, this key. */
export interface LeafClaim {
  readonly credential: MemberCredential;
  readonly signatureKey: Uint8Array;
}

/** How members tell who may be in the call. Every member asks it about every leaf; the server is never asked. */
export interface Admission {
  /** What goes into our own leaf. At most 4 KiB. */
  prove(claim: LeafClaim): Promise<Uint8Array>;
  check(claim: LeafClaim, proof: Uint8Array): Promise<boolean>;
  /** The display name as it goes into our leaf, for members only; absent where names travel otherwise. */
  sealProfile?(claim: LeafClaim, name: string): Promise<Uint8Array>;
  /** `undefined` when it does not open: then the member has no name here. */
  openProfile?(claim: LeafClaim, sealed: Uint8Array): Promise<string | undefined>;
}

/** For messengers that have their own identities: `prove` might sign the key, `check` ask the address book. */
export function callbackAdmission(callbacks: Pick<Admission, 'prove' | 'check'>): Admission {
  return { prove: (claim) => callbacks.prove(claim), check: (claim, proof) => callbacks.check(claim, proof) };
}
