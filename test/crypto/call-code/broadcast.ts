import type { MemberId } from '../../../src/base/index.ts';
import {
  type CodeEpoch,
  type CodeEvent,
  type CodeMessage,
  type CodeRound,
  firstCodeRound,
  nextCodeRound,
  startAtMs,
  wakeAtMs,
} from '../../../src/crypto/call-code/index.ts';
import { seeded } from './members.ts';

/** What a member really sends when it should send `sends`; an honest one changes nothing. */
export type Cheat = (sends: readonly CodeMessage[], cause: CodeEvent) => readonly CodeMessage[];

interface Job {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

interface Person {
  readonly cheat: Cheat;
  round: CodeRound;
  /** Nobody overtakes themselves on the way up or down. */
  lastUpMs: number;
  lastDownMs: number;
}

/**
 * A call of several members on a server that brings every message to all others in one order, each way after some
 * delay.
 */
export class Broadcast {
  nowMs = 0;
  readonly #people: ReadonlyMap<MemberId, Person>;
  readonly #delayMs: () => number;
  readonly #epoch: CodeEpoch;
  readonly #random;
  #jobs: Job[] = [];
  #order = 0;

  constructor(epoch: CodeEpoch, cheats: ReadonlyMap<MemberId, Cheat>, delayMs: () => number, seed: string) {
    this.#epoch = epoch;
    this.#delayMs = delayMs;
    this.#random = seeded(seed);
    this.#people = new Map(
      epoch.memberIds.map((self) => [
        self,
        {
          cheat: cheats.get(self) ?? ((sends) => sends),
          round: firstCodeRound(self, epoch),
          lastUpMs: 0,
          lastDownMs: 0,
        },
      ]),
    );
  }

  roundOf(memberId: MemberId): CodeRound {
    return this.#person(memberId).round;
  }

  /** Somebody presses the button at that time, if it can be pressed then. */
  pressAt(memberId: MemberId, atMs: number): void {
    this.#at(atMs, () => {
      if (startAtMs(this.roundOf(memberId)) <= this.nowMs) {
        this.#happens(memberId, { kind: 'start-asked', nowMs: this.nowMs });
      }
    });
  }

  runUntil(endMs: number): void {
    for (;;) {
      const next = this.#jobs.reduce<Job | undefined>((a, b) => (a && isBefore(a, b) ? a : b), undefined);
      if (next === undefined || next.atMs > endMs) return;
      this.#jobs = this.#jobs.filter((job) => job !== next);
      this.nowMs = next.atMs;
      next.run();
    }
  }

  send(from: MemberId, message: CodeMessage): void {
    const person = this.#person(from);
    person.lastUpMs = Math.max(person.lastUpMs, this.nowMs + this.#delayMs());
    this.#at(person.lastUpMs, () => this.#spread(from, message));
  }

  #spread(from: MemberId, message: CodeMessage): void {
    for (const [memberId, person] of this.#people) {
      if (memberId === from) continue;
      person.lastDownMs = Math.max(person.lastDownMs, this.nowMs + this.#delayMs());
      this.#at(person.lastDownMs, () =>
        this.#happens(memberId, { kind: 'received', from, epoch: this.#epoch.epoch, message, nowMs: this.nowMs }),
      );
    }
  }

  #happens(memberId: MemberId, event: CodeEvent): void {
    const person = this.#person(memberId);
    const { round, sends } = nextCodeRound(person.round, event, this.#random);
    person.round = round;
    for (const message of person.cheat(sends, event)) this.send(memberId, message);
    const wakeMs = wakeAtMs(round);
    if (wakeMs !== undefined && wakeMs > this.nowMs) {
      this.#at(wakeMs, () => this.#happens(memberId, { kind: 'time-passed', nowMs: this.nowMs }));
    }
  }

  #person(memberId: MemberId): Person {
    const person = this.#people.get(memberId);
    if (person === undefined) throw new Error(`${memberId} is not in the call`);
    return person;
  }

  #at(atMs: number, run: () => void): void {
    this.#order += 1;
    this.#jobs.push({ atMs, order: this.#order, run });
  }
}

function isBefore(a: Job, b: Job): boolean {
  return a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs;
}
