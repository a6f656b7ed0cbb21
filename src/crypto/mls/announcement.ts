import type { MemberId } from '../../base/index.ts';
import type { LeafClaim } from './admission.ts';
import type { MemberCredential } from './credential.ts';

/**
 * What the server says that a commit does. The server can leave people out by it, never bring anybody in: proofs
 * decide that.
 */
export interface Announcement {
  readonly committer: MemberId;
  readonly added: readonly MemberCredential[];
  readonly removed: readonly MemberId[];
}

interface Contents {
  readonly committer: LeafClaim;
  readonly added: readonly LeafClaim[];
  readonly removed: readonly LeafClaim[];
}

/** Whether the commit does this, all of it, and nothing else. */
export function isAnnounced({ committer, added, removed }: Contents, announced: Announcement): boolean {
  return (
    committer.credential.memberId === announced.committer &&
    added.length === announced.added.length &&
    added.every(({ credential }) => announced.added.some((each) => isSameStay(each, credential))) &&
    removed.length === new Set(announced.removed).size &&
    removed.every(({ credential }) => announced.removed.includes(credential.memberId))
  );
}

export function isSameStay(left: MemberCredential, right: MemberCredential): boolean {
  return left.memberId === right.memberId && left.userId === right.userId && left.deviceId === right.deviceId;
}
