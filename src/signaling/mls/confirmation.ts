import type { MemberId } from '../../base/index.ts';
import type { Leaves } from './leaves.ts';
import { CONFIRM_LIMIT_MS, VERDICT_LIMIT_MS } from './timing.ts';

/**
 * A commit that was accepted, until half of the members other than its committer and its newcomers show that it could
 * be applied.
 */
export interface Confirmation {
  /** The one that the commit was made in. */
  readonly epoch: number;
  readonly committer: MemberId;
  readonly added: readonly MemberId[];
  readonly removed: readonly MemberId[];
  /** Those who have to process it. */
  readonly jurors: readonly MemberId[];
  readonly rejecters: ReadonlySet<MemberId>;
  readonly deadlineMs: number;
}

export type Verdict = 'open' | 'confirmed' | 'void';

export function openConfirmation(
  commit: Pick<Confirmation, 'epoch' | 'committer' | 'added' | 'removed' | 'jurors'>,
  nowMs: number,
): Confirmation {
  return { ...commit, rejecters: new Set(), deadlineMs: nowMs + CONFIRM_LIMIT_MS };
}

/** With the first rejection the others have some time to say theirs. */
export function withRejection(confirmation: Confirmation, id: MemberId, nowMs: number): Confirmation {
  const { rejecters, deadlineMs } = confirmation;
  return {
    ...confirmation,
    rejecters: new Set(rejecters).add(id),
    deadlineMs: rejecters.size === 0 ? nowMs + VERDICT_LIMIT_MS : deadlineMs,
  };
}

/**
 * Void: most of those who had to process the commit reject it. One who says that it applied it proves nothing: it may
 * be a friend of the committer. Who is no member any more has no vote, and who went away before it voted is not waited for.
 */
export function verdictOn(
  { epoch, jurors, rejecters, deadlineMs }: Confirmation,
  leaves: Pick<Leaves, 'reachedBy' | 'isAway'>,
  nowMs: number,
): Verdict {
  const applied = (id: MemberId) => (leaves.reachedBy(id) ?? 0) > epoch;
  const hasVoted = (id: MemberId) => rejecters.has(id) || applied(id);
  const members = jurors.filter((id) => leaves.reachedBy(id) !== undefined);
  const voters = members.filter((id) => hasVoted(id) || !leaves.isAway(id));
  if (2 * voters.filter((id) => rejecters.has(id)).length > voters.length) return 'void';
  if (2 * voters.filter(applied).length >= voters.length) return 'confirmed';
  return nowMs >= deadlineMs ? 'confirmed' : 'open';
}
