import type { MemberId } from '../../base/index.ts';
import { type Batch, isEmpty } from './batch.ts';
import { COMMITTER_LIMIT_MS, MAX_COMMITTER_LIMIT_MS } from './timing.ts';

/** Whose turn it is to commit, and what each who was asked was asked for: the first to answer wins. */
export interface Turns {
  readonly committer: MemberId;
  readonly deadlineMs: number;
  readonly asked: ReadonlyMap<MemberId, Batch>;
  /** Asked in this round. */
  readonly round: ReadonlySet<MemberId>;
  /** Rounds before this one, in which nobody answered. */
  readonly rounds: number;
}

/**
 * The next turn: the first of `able` who was not asked in this round, and has something to do. When all were, the round
 * begins again, with more patience and the same batches, so that a late answer is an answer to both. `undefined` when
 * there is nothing that anybody able could do.
 */
export function nextTurn(
  before: Turns | undefined,
  able: readonly MemberId[],
  batchFor: (id: MemberId) => Batch,
  nowMs: number,
): Turns | undefined {
  const isUseful = (id: MemberId) => !isEmpty(batchFor(id));
  const fresh = able.find((id) => !before?.round.has(id) && isUseful(id));
  const committer = fresh ?? able.find(isUseful);
  if (committer === undefined) return undefined;
  const rounds = (before?.rounds ?? 0) + (fresh === undefined ? 1 : 0);
  return {
    committer,
    deadlineMs: nowMs + Math.min(COMMITTER_LIMIT_MS * 2 ** rounds, MAX_COMMITTER_LIMIT_MS),
    asked: new Map(before?.asked).set(committer, before?.asked.get(committer) ?? batchFor(committer)),
    round: new Set(fresh === undefined ? [] : before?.round).add(committer),
    rounds,
  };
}
