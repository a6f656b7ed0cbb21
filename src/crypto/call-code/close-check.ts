import type { MemberId } from '../../base/index.ts';
import type { AbortReason, OpenStage } from './code-stage.ts';

/**
 * Whoever closes earlier than this without everybody was not waiting for anybody. A third of the time limit leaves room
 * for jitter.
 */
const MIN_COMMIT_MS = 1_000;

export interface ReceivedClose {
  readonly from: MemberId;
  /** Whose shares are to count. */
  readonly counted: readonly MemberId[];
  /** Everyone in the epoch. */
  readonly members: readonly MemberId[];
  readonly nowMs: number;
}

export interface Objection {
  readonly reason: AbortReason;
  readonly memberIds: readonly MemberId[];
}

/**
 * What is wrong with a close; `undefined` when it names exactly those whose commitments we hold, so that all agree on
 * them.
 */
export function objectionTo(stage: OpenStage, { from, counted, members, nowMs }: ReceivedClose): Objection | undefined {
  if (from !== stage.starterId) return { reason: 'foreign-close', memberIds: [from] };
  const named = new Set(counted);
  const leftOut = [...stage.commitments.keys()].filter((memberId) => !named.has(memberId));
  if (leftOut.length > 0) return { reason: 'left-out', memberIds: leftOut };
  const isExact = counted.length === stage.commitments.size && named.size === counted.length && named.has(from);
  const isEarly = nowMs - stage.openedMs < MIN_COMMIT_MS && named.size < members.length;
  return isExact && !isEarly ? undefined : { reason: 'bad-close', memberIds: [from] };
}
