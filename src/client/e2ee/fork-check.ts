import type { MemberId } from '../../base/index.ts';
import { CheckInTimer } from './check-in-timer.ts';
import { type OwnEpoch, OwnEpochs } from './own-epochs.ts';

/** A member that has not confirmed our epoch for this long, while its messages of it do not open, is in another one. */
const FORKED_AFTER_MS = 5_000;

/** A tunnel, a lift: marked, nothing more. Three times the longest delay of a check-in. */
const UNCONFIRMED_AFTER_MS = 10_000;

/** Two check-ins missed and half a third. */
const SILENT_AFTER_MS = 25_000;

/** How long a check-in of an epoch that we have not reached is kept, and of how many members. */
const AHEAD_MS = 10_000;
const MAX_AHEAD = 1_024;

/** Do the members of this call share one epoch? Sending stops at `forked` and goes on at the other two. */
export type ForkVerdict =
  | { readonly kind: 'agreed' }
  /** Not heard from, elsewhere, or lying. Neither a tunnel nor a few members must silence everyone: only a mark. */
  | { readonly kind: 'unconfirmed'; readonly memberIds: readonly MemberId[] }
  /** Most others are in another epoch than we are, though the number is the same: the call is split. */
  | { readonly kind: 'forked'; readonly memberIds: readonly MemberId[] };

export interface ForkStep {
  readonly verdict: ForkVerdict;
  /** Send our own check-in now. Said once each time. */
  readonly checkIn: boolean;
  /** When to call `tick`. */
  readonly wakeAtMs: number | undefined;
}

export interface ReceivedCheckIn {
  readonly memberId: MemberId;
  readonly epoch: bigint;
  readonly authenticator: Uint8Array;
  /** The epoch of the seal that it came under: the sender was in that one, and it was ours too. */
  readonly sealedIn: bigint;
  readonly nowMs: number;
}

interface Contradiction {
  readonly epoch: bigint;
  /**
   * Said under the seal of the very epoch that it is about. Who is not in the same epoch as we are has no such seal
   * (RFC 9420, section 6.1: the signature covers the group context), so it is no fork.
   */
  readonly isLie: boolean;
}

interface MemberWord {
  /** When anything was last confirmed; when they came, before that. */
  readonly heardMs: number;
  /** When the oldest epoch began that they owe us a confirmation of; `undefined` when they owe none. */
  readonly owesSinceMs: number | undefined;
  /** The last epoch that they confirmed. */
  readonly confirmed: bigint | undefined;
  /** An authenticator of theirs that was not ours. Only a later epoch that they confirm makes it good. */
  readonly contradiction: Contradiction | undefined;
  /** When a message of theirs, of the epoch that we were in, last opened with nobody's key. */
  readonly unopenedMs: number;
}

/**
 * Finds out whether the server has led members into different epochs: they say their epoch authenticators to each other
 * (RFC 9420, section 8.7) at every epoch and every 10 s. Debts go over to the next epoch, so that no haste of epochs
 * hides a fork.
 *
 * Whoever is not together with at least half of the others stops: of a call in two parts the smaller one, of equal
 * parts both. Fewer than that cannot be told from members who only act so, and would otherwise silence everybody.
 */
export class ForkCheck {
  readonly #self: MemberId;
  readonly #epochs = new OwnEpochs();
  readonly #timer: CheckInTimer;
  #members: ReadonlyMap<MemberId, MemberWord> = new Map();
  /** The newest check-in of each member that is ahead of us. */
  readonly #ahead = new Map<MemberId, ReceivedCheckIn>();

  /** `random` is like Math.random. */
  constructor(self: MemberId, random: () => number) {
    this.#self = self;
    this.#timer = new CheckInTimer(random);
  }

  epochBegan(own: OwnEpoch & { readonly memberIds: readonly MemberId[] }): ForkStep {
    const { epoch, authenticator, memberIds, nowMs } = own;
    this.#epochs.add({ epoch, authenticator, nowMs });
    this.#timer.epochBegan(memberIds.length, nowMs);
    const others = memberIds.filter((memberId) => memberId !== this.#self);
    this.#members = new Map(others.map((memberId) => [memberId, owing(this.#members.get(memberId), nowMs)]));
    for (const [memberId, word] of [...this.#ahead]) {
      if (word.epoch > epoch && nowMs - word.nowMs < AHEAD_MS) continue;
      this.#ahead.delete(memberId);
      this.#judge({ ...word, nowMs });
    }
    return this.tick(nowMs);
  }

  /** Of any epoch: a member may be ahead of us or behind. */
  checkIn(word: ReceivedCheckIn): ForkStep {
    const newest = this.#epochs.newest;
    if (newest === undefined || word.epoch > newest) this.#keepForLater(word);
    else this.#judge(word);
    return this.tick(word.nowMs);
  }

  /**
   * A sealed message of the current epoch opened with nobody's key. Whose it is is the server's word: one that lies
   * about it could as well have kept the message to itself.
   */
  unopened(memberId: MemberId, nowMs: number): ForkStep {
    const before = this.#members.get(memberId);
    if (before) this.#members = new Map([...this.#members, [memberId, { ...before, unopenedMs: nowMs }]]);
    return this.tick(nowMs);
  }

  tick(nowMs: number): ForkStep {
    const checkIn = this.#timer.due(nowMs);
    return { verdict: this.#verdict(nowMs), checkIn, wakeAtMs: this.#wakeAtMs(nowMs) };
  }

  #keepForLater(word: ReceivedCheckIn): void {
    this.#ahead.delete(word.memberId); // so that the newest stands last
    this.#ahead.set(word.memberId, word);
    const [oldest] = this.#ahead.keys();
    if (this.#ahead.size > MAX_AHEAD && oldest !== undefined) this.#ahead.delete(oldest);
  }

  /** Says nothing about an epoch that we have forgotten or were not in, and about strangers. */
  #judge({ memberId, epoch, authenticator, sealedIn, nowMs }: ReceivedCheckIn): void {
    const before = this.#members.get(memberId);
    const agrees = this.#epochs.agrees(epoch, authenticator);
    if (before === undefined || agrees === undefined) return;
    const contradiction = { epoch, isLie: sealedIn === epoch };
    const after = agrees ? this.#confirming(before, epoch, nowMs) : { ...before, contradiction };
    this.#members = new Map([...this.#members, [memberId, after]]);
  }

  #confirming(before: MemberWord, epoch: bigint, nowMs: number): MemberWord {
    const isNews = before.confirmed === undefined || epoch > before.confirmed;
    const isMadeGood = before.contradiction !== undefined && epoch > before.contradiction.epoch;
    const after = { ...before, heardMs: nowMs, contradiction: isMadeGood ? undefined : before.contradiction };
    return isNews ? { ...after, owesSinceMs: this.#epochs.beganAfterMs(epoch), confirmed: epoch } : after;
  }

  #verdict(nowMs: number): ForkVerdict {
    const elsewhere = this.#those((word) => isElsewhere(word, nowMs));
    if (2 * elsewhere.length > this.#members.size) return { kind: 'forked', memberIds: elsewhere };
    const unconfirmed = this.#those(
      (word) => word.contradiction !== undefined || isElsewhere(word, nowMs) || isSilent(word, nowMs),
    );
    return unconfirmed.length > 0 ? { kind: 'unconfirmed', memberIds: unconfirmed } : { kind: 'agreed' };
  }

  #those(test: (word: MemberWord) => boolean): MemberId[] {
    return [...this.#members].filter(([, word]) => test(word)).map(([memberId]) => memberId);
  }

  #wakeAtMs(nowMs: number): number | undefined {
    const changes = [...this.#members.values()].flatMap((word) => [
      ...(word.owesSinceMs === undefined ? [] : [word.owesSinceMs + FORKED_AFTER_MS]),
      ...marksAtMs(word),
    ]);
    const next = [...changes.filter((atMs) => atMs > nowMs), this.#timer.atMs].reduce((a, b) => Math.min(a, b));
    return Number.isFinite(next) ? next : undefined;
  }
}

function owing(before: MemberWord | undefined, nowMs: number): MemberWord {
  if (before) return { ...before, owesSinceMs: before.owesSinceMs ?? nowMs };
  return {
    heardMs: nowMs,
    owesSinceMs: nowMs,
    confirmed: undefined,
    contradiction: undefined,
    unopenedMs: Number.NEGATIVE_INFINITY,
  };
}

function isElsewhere({ contradiction, owesSinceMs, unopenedMs }: MemberWord, nowMs: number): boolean {
  if (contradiction && !contradiction.isLie) return true;
  if (owesSinceMs === undefined || unopenedMs < owesSinceMs) return false;
  return nowMs - owesSinceMs >= FORKED_AFTER_MS;
}

function isSilent(word: MemberWord, nowMs: number): boolean {
  return marksAtMs(word).some((atMs) => atMs <= nowMs);
}

/** When a member that stays silent is marked. */
function marksAtMs({ heardMs, owesSinceMs }: MemberWord): readonly number[] {
  const silentAtMs = heardMs + SILENT_AFTER_MS;
  return owesSinceMs === undefined ? [silentAtMs] : [owesSinceMs + UNCONFIRMED_AFTER_MS, silentAtMs];
}
