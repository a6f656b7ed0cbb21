import { CallError, type MemberId } from '../../base/index.ts';
import type { WireCommit } from '../../wire/index.ts';
import { type Batch, isRefresh, REFRESH } from './batch.ts';
import type { Confirmation } from './confirmation.ts';
import type { Turns } from './turns.ts';

/**
 *   none --somebody offers--> founding --the founder is in epoch 0--> standing
 *     ^----- 5 s passed, left ---'                                       |
 *     '------------------------- the last member is gone ----------------'
 */
export type Group =
  | { readonly kind: 'none' }
  | { readonly kind: 'founding'; readonly founder: MemberId; readonly deadlineMs: number }
  | {
      readonly kind: 'standing';
      readonly epoch: number;
      readonly epochSinceMs: number;
      /** The last epoch that was told to be reached by everybody. */
      readonly readyEpoch: number;
      readonly commit: CommitState;
    };

/**
 *   quiet --somebody is to be added or removed--> asked --a commit came--> accepted --half applied it--> quiet
 *     `--a refresh came-------------------------------------------------------^  `--most members reject it--> quiet,
 *                                                                                       in the epoch before
 */
export type CommitState =
  | { readonly kind: 'quiet' }
  | { readonly kind: 'asked'; readonly turns: Turns }
  | { readonly kind: 'accepted'; readonly confirmation: Confirmation };

export type Standing = Extract<Group, { kind: 'standing' }>;

export const QUIET: CommitState = { kind: 'quiet' };

/** When the state itself wants a decision. `windowEndMs`: when those who wait for a commit have waited long enough. */
export function deadlineOf(group: Group, windowEndMs: number): number {
  if (group.kind === 'none') return Number.POSITIVE_INFINITY;
  if (group.kind === 'founding') return group.deadlineMs;
  const { commit } = group;
  if (commit.kind === 'asked') return commit.turns.deadlineMs;
  return commit.kind === 'accepted' ? commit.confirmation.deadlineMs : windowEndMs;
}

/**
 * What a commit of this sender has to do. @throws CallError `stale-epoch` when it is not its turn, and never was for
 * this batch
 */
export function wantedOf(sender: MemberId, request: WireCommit, commit: CommitState): Batch {
  if (commit.kind === 'quiet') {
    if (!isRefresh(request)) throw new CallError('stale-epoch', 'nobody waits for this commit');
    return REFRESH;
  }
  if (commit.kind === 'accepted') throw new CallError('stale-epoch', 'the commit before is not confirmed yet');
  const batch = commit.turns.asked.get(sender);
  if (!batch || isRefresh(request)) throw new CallError('stale-epoch', 'another commit comes first');
  return batch;
}
