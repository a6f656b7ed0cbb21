import { seeded } from './seeded.ts';

/** What a poor line does to datagrams, in one direction. Shares are from 0 to 1. */
export interface Conditions {
  /** Never arrive. */
  readonly loss: number;
  /** Every datagram waits for so long. */
  readonly delayMs: number;
  /** And for so long more at most, each for another time; their order stays. */
  readonly jitterMs: number;
  /** Do not wait: they overtake those that do. */
  readonly reordered: number;
  /** Arrive twice. */
  readonly duplicated: number;
  /** So much passes in a second, one datagram behind the other, and what would wait too long for it is lost. Any amount when absent. */
  readonly rateBps?: number;
}

/** As deep as the queues of cheap home routers: whoever sends too much sees delay first, and then loss. */
const QUEUE_MS = 200;

export const PERFECT: Conditions = { loss: 0, delayMs: 0, jitterMs: 0, reordered: 0, duplicated: 0 };

/** What became of the datagrams so far. */
export interface LinkCounts {
  readonly came: number;
  readonly lost: number;
  /** Came while nothing passed. */
  readonly blackedOut: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** Delivered, duplicates too. */
  readonly passed: number;
}

interface Waiting<Datagram> {
  readonly datagram: Datagram;
  readonly dueMs: number;
}

/** One direction of a poor line. Time is an argument, and the same seed makes the same choices. */
export class ImpairedLink<Datagram> {
  conditions: Conditions;
  /** Nothing passes, and what waits is lost. */
  isDark = false;
  readonly #random: () => number;
  readonly #counts = { came: 0, lost: 0, blackedOut: 0, duplicated: 0, reordered: 0, passed: 0 };
  /** The next due first. */
  readonly #waiting: Waiting<Datagram>[] = [];
  #lastDueMs = Number.NEGATIVE_INFINITY;
  /** When all that came before has gone through a line of limited rate. */
  #freeMs = Number.NEGATIVE_INFINITY;

  constructor(conditions: Conditions, seed: number) {
    this.conditions = conditions;
    this.#random = seeded(seed);
  }

  get counts(): LinkCounts {
    return this.#counts;
  }

  /** When the next datagram is due; `undefined` when none waits. */
  get nextMs(): number | undefined {
    return this.#waiting[0]?.dueMs;
  }

  push(datagram: Datagram, nowMs: number, bytes = 0): void {
    const { loss, delayMs, jitterMs, reordered, duplicated } = this.conditions;
    // As many random numbers for every datagram, so that one choice does not change the next ones.
    const [fate, wait, haste, copy] = [this.#random(), this.#random(), this.#random(), this.#random()];
    this.#counts.came += 1;
    if (this.isDark) this.#counts.blackedOut += 1;
    else if (fate < loss || this.#freeMs - nowMs > QUEUE_MS) this.#counts.lost += 1;
    else if (haste < reordered) {
      this.#counts.reordered += 1;
      this.#enqueue(datagram, this.#throughMs(nowMs, bytes));
    } else {
      this.#lastDueMs = Math.max(this.#lastDueMs, this.#throughMs(nowMs, bytes) + delayMs + wait * jitterMs);
      this.#enqueue(datagram, this.#lastDueMs);
      if (copy >= duplicated) return;
      this.#counts.duplicated += 1;
      this.#enqueue(datagram, this.#lastDueMs);
    }
  }

  /** All that is due, in the order in which it arrives. */
  take(nowMs: number): Datagram[] {
    let due = 0;
    while ((this.#waiting[due]?.dueMs ?? Number.POSITIVE_INFINITY) <= nowMs) due += 1;
    const taken = this.#waiting.splice(0, due);
    if (this.isDark) {
      this.#counts.blackedOut += due;
      return [];
    }
    this.#counts.passed += due;
    return taken.map(({ datagram }) => datagram);
  }

  /** When it has gone through, behind all that came before it. */
  #throughMs(nowMs: number, bytes: number): number {
    const { rateBps } = this.conditions;
    if (rateBps === undefined) return nowMs;
    this.#freeMs = Math.max(this.#freeMs, nowMs) + (bytes * 8_000) / rateBps;
    return this.#freeMs;
  }

  #enqueue(datagram: Datagram, dueMs: number): void {
    let at = this.#waiting.length;
    while (at > 0 && (this.#waiting[at - 1]?.dueMs ?? 0) > dueMs) at -= 1;
    this.#waiting.splice(at, 0, { datagram, dueMs });
  }
}
