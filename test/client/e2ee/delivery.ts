import { CallError, type CallErrorCode, type MemberId, silentLog } from '../../../src/base/index.ts';
import type { MlsFact } from '../../../src/client/e2ee/mls-fact.ts';
import { Pending } from '../../../src/client/pending.ts';
import { MlsRoom } from '../../../src/signaling/mls/mls-room.ts';
import type { SentClientMessage, WireMember } from '../../../src/wire/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** How far the clock moves before what it set off is carried through. */
const STEP_MS = 25;

/** Whoever sits in the room: an honest engine, or somebody else. */
export interface Seat {
  readonly member: WireMember;
  told(fact: MlsFact): Promise<void>;
  /** Resolves when everything that it was told before is done. */
  idle(): Promise<void>;
}

/** `lost` is neither carried out nor answered, `unanswered` is carried out, `done` is answered; a code refuses it. */
export type Fate = 'pass' | 'lost' | 'unanswered' | 'done' | CallErrorCode;

/** What a hostile server, or a poor network, does otherwise than an honest one. */
export interface Hostility {
  /** What becomes of a fact on its way: nothing, itself, others. */
  tell?(to: MemberId, fact: MlsFact): readonly MlsFact[];
  /** What becomes of all that waits for one member: another order. */
  order?(facts: readonly MlsFact[]): readonly MlsFact[];
  /** What becomes of what a member sends; `pass` is honest. */
  hear?(from: MemberId, body: SentClientMessage): Fate;
}

/** The real delivery service of one room, among members in this process, on a clock that the test moves. */
export class Delivery {
  readonly clock = new FakeClock();
  hostility: Hostility = {};
  /** Rejections that no member may have: anything but a CallError. */
  readonly faults: unknown[] = [];
  readonly counts = { mlsCommits: 0, mlsCommitTimeouts: 0, mlsCommitsVoided: 0, mlsEpochSeconds: 0 };
  /** Overhears all that is told to anybody, as a friend of the server. */
  readonly spies = new Set<Seat>();
  readonly #seats = new Map<MemberId, Seat>();
  readonly #waiting = new Map<Seat, MlsFact[]>();
  /** Settled for those who wait for an answer that never comes. */
  readonly #stuck = new Map<Seat, Pending<void>>();
  readonly #room: MlsRoom;

  constructor() {
    const count = (name: keyof Delivery['counts']) => () => {
      this.counts[name] += 1;
    };
    const metrics = {
      mlsCommits: { inc: count('mlsCommits') },
      mlsCommitTimeouts: { inc: count('mlsCommitTimeouts') },
      mlsCommitsVoided: { inc: count('mlsCommitsVoided') },
      mlsEpochSeconds: { observe: count('mlsEpochSeconds') },
    };
    this.#room = new MlsRoom({ clock: this.clock, log: silentLog, metrics: metrics as never });
  }

  enter(seat: Seat): void {
    const { memberId } = seat.member;
    this.#seats.set(memberId, seat);
    this.#stuck.set(seat, new Pending<void>());
    this.#room.enter(memberId, (fact) => this.tell(seat, fact as MlsFact));
  }

  /** The server has noticed that it is gone. */
  leave({ member: { memberId } }: Seat): void {
    this.#seats.delete(memberId);
    this.#room.leave(memberId);
  }

  /** What a member sends arrives. @throws CallError as the server refuses it */
  async hear(from: Seat, body: SentClientMessage): Promise<void> {
    const fate = this.hostility.hear?.(from.member.memberId, body) ?? 'pass';
    const carriedOut = fate === 'pass' || fate === 'unanswered';
    if (!carriedOut && fate !== 'lost' && fate !== 'done') throw new CallError(fate, 'as the test says');
    if (carriedOut && this.#seats.get(from.member.memberId) === from) this.#carryOut(from.member, body);
    if (fate !== 'lost' && fate !== 'unanswered') return;
    this.#stuck.get(from)?.resolve();
    await new Promise(() => undefined);
  }

  /** Puts a fact on its way, whoever thought of it. */
  tell(to: Seat, fact: MlsFact): void {
    const facts = this.hostility.tell?.(to.member.memberId, fact) ?? [fact];
    this.#waiting.set(to, [...(this.#waiting.get(to) ?? []), ...facts]);
    for (const spy of this.spies) {
      const overheard = this.#waiting.get(spy) ?? [];
      if (spy !== to && !overheard.includes(fact)) this.#waiting.set(spy, [...overheard, fact]);
    }
  }

  /** Everything that is on its way arrives, again and again, until all are quiet. */
  async flow(): Promise<void> {
    for (let turn = 0; turn < 1_000; turn += 1) {
      await this.#idle();
      const busy = [...this.#waiting].filter(([, facts]) => facts.length > 0);
      if (busy.length === 0) return;
      for (const [seat, facts] of busy) {
        this.#waiting.set(seat, []);
        for (const fact of this.hostility.order?.(facts) ?? facts) this.#track(seat.told(fact));
      }
    }
    throw new Error('flows for ever');
  }

  /** Time passes, and everything that it sets off happens in its time. */
  async advance(byMs: number, stepMs = STEP_MS): Promise<void> {
    await this.flow();
    for (let passedMs = 0; passedMs < byMs; passedMs += stepMs) {
      this.clock.advance(Math.min(stepMs, byMs - passedMs));
      await this.flow();
    }
  }

  /** A CallError says that somebody has left; anything else is a fault of ours. */
  #track(told: Promise<unknown>): void {
    told.catch((error: unknown) => {
      if (!(error instanceof CallError)) this.faults.push(error);
    });
  }

  async #idle(): Promise<void> {
    const seats = new Set([...this.#seats.values(), ...this.spies]);
    await Promise.all([...seats].map((seat) => Promise.race([seat.idle(), this.#stuck.get(seat)?.promise])));
  }

  #carryOut(member: WireMember, body: SentClientMessage): void {
    const { memberId } = member;
    if (body.case === 'removePeer') {
      const removed = this.#seats.get(body.value.peerId as string as MemberId); // here a peer is called as the member is
      if (removed) this.leave(removed);
      return;
    }
    this.#room.carryOut((delivery, nowMs) => {
      switch (body.case) {
        case 'offerKeyPackage':
          return delivery.offer({ member, keyPackage: new Uint8Array(body.value.keyPackage) }, nowMs);
        case 'commit':
          return delivery.commit(memberId, body.value as Parameters<typeof delivery.commit>[1], nowMs);
        case 'epochReached':
          return delivery.epochReached(memberId, body.value.epoch, nowMs);
        case 'commitRejected':
          return delivery.commitRejected(memberId, body.value.epoch, nowMs);
        case 'admit':
          return delivery.admit(memberId, body.value.memberId, body.value.admitted, nowMs);
        case 'sealed':
          return delivery.sealed(memberId, new Uint8Array(body.value.message));
        default:
          throw new Error(`not about keys: ${body.case}`);
      }
    });
  }
}
