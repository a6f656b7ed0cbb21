/** A rate that a bucket allows: `perSecond` for ever, and `burst` at once after a pause. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Fills with time, empties with use. Time is an argument: no timer, no clock. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #atMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes `amount` when the bucket holds as much; else takes nothing and is false. */
  take(amount: number, nowMs: number): boolean {
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (elapsedMs / 1000) * this.#rate.perSecond);
    if (this.#tokens < amount) return false;
    this.#tokens -= amount;
    return true;
  }
}
