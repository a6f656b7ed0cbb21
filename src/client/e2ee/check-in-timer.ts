/** A fork must show within 10 s: whoever missed the check-in of an epoch hears the next one. */
const PERIOD_MS = 10_000;

/** Everybody reaches a new epoch in the same instant, and each check-in goes to everybody: 50 of them a second. */
const SPREAD_PER_MEMBER_MS = 20;
const MAX_SPREAD_MS = 3_000;

/** When to send our own check-in: soon after each epoch, and every 10 s. */
export class CheckInTimer {
  readonly #random: () => number;
  #atMs = Infinity;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Infinite before the first epoch. */
  get atMs(): number {
    return this.#atMs;
  }

  /** One that is due earlier stays so: hasty epochs put nothing off. */
  epochBegan(members: number, nowMs: number): void {
    const spreadMs = Math.min(MAX_SPREAD_MS, members * SPREAD_PER_MEMBER_MS);
    this.#atMs = Math.min(this.#atMs, nowMs + this.#random() * spreadMs);
  }

  /** True once each time. */
  due(nowMs: number): boolean {
    if (nowMs < this.#atMs) return false;
    this.#atMs = nowMs + PERIOD_MS;
    return true;
  }
}
