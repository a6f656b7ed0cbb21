import type { MemberId } from '../../base/index.ts';
import { objectionTo } from './close-check.ts';
import type { CodeMessage } from './code-message.ts';
import type { AbortReason, CodeStage, OpenStage, RevealingStage } from './code-stage.ts';
import { compareBytes, ROUND_ID_BYTES } from './round-id.ts';
import { mayOvertake, mayStart, NO_ROUNDS, ownStartAtMs, type RoundPace, started } from './round-pace.ts';
import { commitmentOf, emojiOfShares, fits, SHARE_BYTES } from './share.ts';

/**
 * Who has not committed by then does not count: longer lets slower devices in, and keeps everyone waiting for the
 * absent.
 */
const COMMIT_MS = 3_000;

/** From the close to the last share: one way through the server. */
const REVEAL_MS = 3_000;

/** Ids of 22 characters: their list fits a sealed message of 16 KiB. Larger calls compare the 30 digits. */
const MAX_SHARES = 512;

/** The epoch that codes are bound to, and who is in it: ourselves too. */
export interface CodeEpoch {
  readonly epoch: bigint;
  /** RFC 9420, section 8.7. */
  readonly authenticator: Uint8Array;
  readonly memberIds: readonly MemberId[];
}

/**
 * One member's side of the emoji code, through all rounds of a call.
 *
 * Nobody can choose their share after seeing another's. A share is shown only after the starter's close, and the close
 * names whose commitments count, so by then every counted share is fixed: SHA-256 lets nobody open a commitment in two
 * ways, nor read 32 random bytes out of it. Each of us insists that our own share counts, and it is uniform and unknown
 * to all others until then; so is, therefore, the hash over it. What is left to a cheat is to withhold its share: that
 * aborts the round for everyone, is shown and counted, and the next guess must wait. A guess hits with 2^-36; at one
 * round in 3 s half a chance takes some 4,500 years of aborted rounds.
 *
 * Members see one order of messages, the server's. Where it lies about the order they see different emoji or an abort,
 * and tell each other. So they do when a cheat has a share come in the very moment of a time limit, or a start then or
 * among starts that cross: the round may count for some and not for others. Two who count each other's shares see the
 * same emoji.
 */
export interface CodeRound {
  readonly self: MemberId;
  readonly epoch: CodeEpoch;
  readonly stage: CodeStage;
  readonly pace: RoundPace;
  /** In this call. One or two happen as people come and go; many are somebody's guesses. */
  readonly abortedRounds: number;
}

export type CodeEvent =
  | { readonly kind: 'start-asked'; readonly nowMs: number }
  /** `epoch` is the one that the message was sealed in: a message of another epoch means nothing here. */
  | {
      readonly kind: 'received';
      readonly from: MemberId;
      readonly epoch: bigint;
      readonly message: CodeMessage;
      readonly nowMs: number;
    }
  | { readonly kind: 'epoch-began'; readonly epoch: CodeEpoch }
  | { readonly kind: 'time-passed'; readonly nowMs: number };

export interface CodeStep {
  readonly round: CodeRound;
  /** To be sealed in this epoch and sent in this order. */
  readonly sends: readonly CodeMessage[];
}

/** So many random bytes, as good as crypto.getRandomValues. */
export type RandomBytes = (count: number) => Uint8Array<ArrayBuffer>;

type Received = Extract<CodeEvent, { kind: 'received' }>;
type Value<Case extends CodeMessage['case']> = Extract<CodeMessage, { case: Case }>['value'];

export function firstCodeRound(self: MemberId, epoch: CodeEpoch): CodeRound {
  return { self, epoch, stage: { kind: 'idle' }, pace: NO_ROUNDS, abortedRounds: 0 };
}

/** The same `round` object and nothing to send when the event means nothing here. */
export function nextCodeRound(before: CodeRound, event: CodeEvent, random: RandomBytes): CodeStep {
  if (event.kind === 'epoch-began') return epochBegan(before, event.epoch);
  const { round, sends } = timePassed(before, event.nowMs);
  const step = happened(round, event, random);
  return { round: step.round, sends: [...sends, ...step.sends] };
}

/** When to say that time has passed; `undefined` while nothing waits for it. */
export function wakeAtMs({ self, stage }: CodeRound): number | undefined {
  if (stage.kind === 'open') return stage.openedMs + (stage.starterId === self ? COMMIT_MS : COMMIT_MS + REVEAL_MS);
  return stage.kind === 'revealing' ? stage.closedMs + REVEAL_MS : undefined;
}

/** From when on a start would be taken; infinite while a round runs, or in a call of one or of too many. */
export function startAtMs({ self, epoch, stage, pace }: CodeRound): number {
  const { length } = epoch.memberIds;
  if (stage.kind === 'open' || stage.kind === 'revealing' || length < 2 || length > MAX_SHARES) return Infinity;
  return ownStartAtMs(pace, self);
}

function happened(round: CodeRound, event: Exclude<CodeEvent, { kind: 'epoch-began' }>, random: RandomBytes): CodeStep {
  switch (event.kind) {
    case 'start-asked':
      return startAsked(round, event.nowMs, random);
    case 'received':
      return received(round, event, random);
    case 'time-passed':
      return quiet(round);
  }
}

function received(round: CodeRound, event: Received, random: RandomBytes): CodeStep {
  const { from, message, nowMs } = event;
  const { epoch, memberIds } = round.epoch;
  if (event.epoch !== epoch || from === round.self || !memberIds.includes(from)) return quiet(round);
  switch (message.case) {
    case 'codeStart':
      return startReceived(round, from, message.value, nowMs, random);
    case 'codeCommitment':
      return commitmentReceived(round, from, message.value, nowMs);
    case 'codeClose':
      return closeReceived(round, from, message.value, nowMs);
    case 'codeReveal':
      return revealReceived(round, from, message.value);
  }
}

function epochBegan(round: CodeRound, epoch: CodeEpoch): CodeStep {
  const { kind } = round.stage;
  const left = kind === 'open' || kind === 'revealing' ? aborted(round, 'epoch-changed', []) : round;
  return quiet({ ...left, epoch });
}

function timePassed(round: CodeRound, nowMs: number): CodeStep {
  const { stage, self } = round;
  if (nowMs < (wakeAtMs(round) ?? Infinity)) return quiet(round);
  if (stage.kind === 'open') {
    if (stage.starterId !== self) return quiet(aborted(round, 'not-closed', [stage.starterId]));
    return stage.commitments.size > 1 ? close(round, stage, nowMs) : quiet(aborted(round, 'nobody-answered', []));
  }
  if (stage.kind !== 'revealing') return quiet(round);
  const silent = [...stage.commitments.keys()].filter((memberId) => !stage.shares.has(memberId));
  return quiet(aborted(round, 'share-missing', silent));
}

function startAsked(round: CodeRound, nowMs: number, random: RandomBytes): CodeStep {
  if (nowMs < startAtMs(round)) return quiet(round);
  const roundId = random(ROUND_ID_BYTES);
  const opened = open(round, { roundId, starterId: round.self, overtaken: [], nowMs }, random);
  return { ...opened, sends: [{ case: 'codeStart', value: { round: roundId } }, ...opened.sends] };
}

/**
 * Honest members do not start while they are in a round. So a start that comes together with another has crossed it,
 * and the smaller id wins; one that comes later tells that its sender has given up the round that still runs here.
 */
function startReceived(
  round: CodeRound,
  starterId: MemberId,
  { round: roundId }: Value<'codeStart'>,
  nowMs: number,
  random: RandomBytes,
): CodeStep {
  const { stage, pace } = round;
  if (round.epoch.memberIds.length > MAX_SHARES) return quiet(round);
  if (mayStart(pace, starterId, nowMs)) {
    const isRunning = stage.kind === 'open' || stage.kind === 'revealing';
    const left = isRunning ? aborted(round, 'given-up', [starterId]) : round;
    return open(left, { roundId, starterId, overtaken: [], nowMs }, random);
  }
  const wins = stage.kind === 'open' && compareBytes(roundId, stage.roundId) < 0 && !stage.commitments.has(starterId);
  if (!wins || !mayOvertake(pace, starterId, nowMs)) return quiet(round);
  return open(round, { roundId, starterId, overtaken: [...stage.overtaken, stage], nowMs }, random);
}

function open(
  round: CodeRound,
  start: Pick<OpenStage, 'roundId' | 'starterId' | 'overtaken'> & { readonly nowMs: number },
  random: RandomBytes,
): CodeStep {
  const { roundId, starterId, nowMs } = start;
  const overtaken = start.overtaken.map((lost) => ({ roundId: lost.roundId, starterId: lost.starterId }));
  const share = random(SHARE_BYTES);
  const commitment = commitmentOf(roundId, share);
  const commitments = new Map([[round.self, commitment]]);
  const stage: OpenStage = { kind: 'open', roundId, starterId, openedMs: nowMs, share, commitments, overtaken };
  return {
    round: { ...round, stage, pace: started(round.pace, starterId, nowMs) },
    sends: [{ case: 'codeCommitment', value: { round: roundId, commitment } }],
  };
}

/** Commitments after the close change nothing any more, and are not looked at. */
function commitmentReceived(
  round: CodeRound,
  from: MemberId,
  { round: roundId, commitment }: Value<'codeCommitment'>,
  nowMs: number,
): CodeStep {
  const { stage, self, epoch } = round;
  if (stage.kind !== 'open' || compareBytes(stage.roundId, roundId) !== 0) return quiet(round);
  if (stage.commitments.has(from)) return quiet(aborted(round, 'second-commitment', [from]));
  const grown: OpenStage = { ...stage, commitments: new Map([...stage.commitments, [from, commitment]]) };
  const isComplete = epoch.memberIds.every((memberId) => grown.commitments.has(memberId));
  if (stage.starterId === self && isComplete) return close(round, grown, nowMs);
  return quiet({ ...round, stage: grown });
}

function close(round: CodeRound, stage: OpenStage, nowMs: number): CodeStep {
  const memberIds = [...stage.commitments.keys()].sort();
  const step = reveal(round, stage, nowMs);
  return { ...step, sends: [{ case: 'codeClose', value: { round: stage.roundId, memberIds } }, ...step.sends] };
}

function closeReceived(
  round: CodeRound,
  from: MemberId,
  { round: roundId, memberIds }: Value<'codeClose'>,
  nowMs: number,
): CodeStep {
  const { stage } = round;
  if (stage.kind !== 'open') return quiet(round);
  if (compareBytes(stage.roundId, roundId) !== 0) {
    const lost = stage.overtaken.find((each) => compareBytes(each.roundId, roundId) === 0);
    return quiet(lost?.starterId === from ? aborted(round, 'overtaken', [from]) : round);
  }
  const objection = objectionTo(stage, { from, counted: memberIds, members: round.epoch.memberIds, nowMs });
  return objection ? quiet(aborted(round, objection.reason, objection.memberIds)) : reveal(round, stage, nowMs);
}

function reveal(round: CodeRound, { roundId, commitments, share }: OpenStage, nowMs: number): CodeStep {
  const shares = new Map([[round.self, share]]);
  return {
    round: { ...round, stage: { kind: 'revealing', roundId, closedMs: nowMs, commitments, shares } },
    sends: [{ case: 'codeReveal', value: { round: roundId, share } }],
  };
}

/** A second share of the same member is not looked at: the first one that fits is the only one that can. */
function revealReceived(round: CodeRound, from: MemberId, { round: roundId, share }: Value<'codeReveal'>): CodeStep {
  const { stage } = round;
  if (stage.kind !== 'open' && stage.kind !== 'revealing') return quiet(round);
  if (compareBytes(stage.roundId, roundId) !== 0) return quiet(round);
  if (stage.kind === 'open') return quiet(aborted(round, 'early-reveal', [from]));
  const commitment = stage.commitments.get(from);
  if (commitment === undefined || stage.shares.has(from)) return quiet(round);
  if (!fits(share, commitment, roundId)) return quiet(aborted(round, 'wrong-share', [from]));
  return quiet(withShares(round, stage, new Map([...stage.shares, [from, share]])));
}

function withShares(round: CodeRound, stage: RevealingStage, shares: ReadonlyMap<MemberId, Uint8Array>): CodeRound {
  if (shares.size < stage.commitments.size) return { ...round, stage: { ...stage, shares } };
  const { epoch, authenticator } = round.epoch;
  const emoji = emojiOfShares(authenticator, stage.roundId, shares);
  return { ...round, stage: { kind: 'done', epoch, emoji, memberIds: [...shares.keys()].sort() } };
}

function aborted(round: CodeRound, reason: AbortReason, memberIds: readonly MemberId[]): CodeRound {
  const pace = { ...round.pace, isForgiven: round.stage.kind === 'open' };
  return { ...round, pace, stage: { kind: 'aborted', reason, memberIds }, abortedRounds: round.abortedRounds + 1 };
}

function quiet(round: CodeRound): CodeStep {
  return { round, sends: [] };
}
