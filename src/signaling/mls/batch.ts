import { CallError, type MemberId } from '../../base/index.ts';
import { MAX_ADDS, MAX_REMOVES, type WireCandidate, type WireCommit } from '../../wire/index.ts';
import { MAX_BATCH_BYTES } from './timing.ts';

/** What one commit is to do. A refresh does nothing but give its committer new keys. */
export interface Batch {
  readonly adds: readonly WireCandidate[];
  readonly removes: readonly MemberId[];
}

export const REFRESH: Batch = { adds: [], removes: [] };

/** As much as one commit takes. Who comes back is added only in a commit that removes its old leaf. */
export function batchOf(waiting: readonly WireCandidate[], leaving: readonly MemberId[]): Batch {
  const removes = leaving.slice(0, MAX_REMOVES);
  const stay = new Set(leaving.slice(MAX_REMOVES));
  const adds: WireCandidate[] = [];
  let bytes = 0;
  for (const candidate of waiting) {
    if (stay.has(candidate.member.memberId)) continue;
    bytes += candidate.keyPackage.byteLength;
    if (adds.length === MAX_ADDS || bytes > MAX_BATCH_BYTES) break;
    adds.push(candidate);
  }
  return { adds, removes };
}

export function isEmpty({ adds, removes }: Batch): boolean {
  return adds.length + removes.length === 0;
}

/** A commit that nobody asked for: it adds and removes nobody. */
export function isRefresh({ addedMemberIds, refusedAdds, removedMemberIds }: WireCommit): boolean {
  return addedMemberIds.length + refusedAdds.length + removedMemberIds.length === 0;
}

/**
 * Passes a commit that says it does all of the batch and nothing else.
 *
 * @throws CallError `stale-epoch` when it does something else: a late answer, to what was asked for earlier in this
 * epoch; `invalid` when it cannot be an answer to anything
 */
export function checkCommit(request: WireCommit, { adds, removes }: Batch): void {
  const { commit, welcome, addedMemberIds: added, refusedAdds, removedMemberIds: removed } = request;
  const answered = [...added, ...refusedAdds.map(({ memberId }) => memberId)];
  const asked = adds.map(({ member }) => member.memberId);
  if (!sameMembers(answered, asked)) throw new CallError('stale-epoch', 'other adds are wanted');
  if (!sameMembers(removed, removes)) throw new CallError('stale-epoch', 'other removes are wanted');
  if ((welcome !== undefined) !== added.length > 0) throw new CallError('invalid', 'a welcome comes with adds');
  const onlyRefuses = answered.length > 0 && added.length + removed.length === 0;
  if (commit.byteLength === 0 && !onlyRefuses) throw new CallError('invalid', 'the commit is empty');
}

function sameMembers(some: readonly MemberId[], others: readonly MemberId[]): boolean {
  const set = new Set(some);
  return some.length === others.length && set.size === some.length && others.every((id) => set.has(id));
}
