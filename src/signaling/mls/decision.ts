import type { MemberId } from '../../base/index.ts';
import type { SentServerMessage } from '../../wire/index.ts';

/** The facts of proto/conclave/v1/mls.proto. */
export type MlsFact = Extract<
  SentServerMessage,
  {
    case:
      | 'groupWanted'
      | 'welcomed'
      | 'keyPackageWanted'
      | 'admissionPending'
      | 'admissionRefused'
      | 'commitWanted'
      | 'commitAccepted'
      | 'epochReady'
      | 'commitVoided'
      | 'knocking'
      | 'sealed';
  }
>;

/**
 * What the delivery service decided: whom to tell what (one object for all, so that it is encoded once), and what to
 * count.
 */
export type Decision =
  | { readonly kind: 'told'; readonly to: readonly MemberId[]; readonly fact: MlsFact }
  | { readonly kind: 'founded' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'voided' }
  /** A committer let its time pass. */
  | { readonly kind: 'timed-out' }
  /** `tookMs`: from the commit that began the epoch to the last member's word that it is there. */
  | { readonly kind: 'ready'; readonly tookMs: number };
