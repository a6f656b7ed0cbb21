import { BATCH_WINDOW_MS } from './timing.ts';

/** Two commits with newcomers so close to each other are a crowd coming in. */
const CROWD_MS = 2_000;

/**
 * While a crowd comes in, from one commit with newcomers to the next: every commit costs every member, and 100 joins in 10 s become
 * some ten commits. Longer makes fewer; those who come wait up to so long.
 */
const CROWD_WINDOW_MS = 1_200;

/** How long those who want in wait for others to come along. Removals wait for nobody, and take along who waits. */
export class JoinPace {
  #beforeLastMs = Number.NEGATIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** A commit with newcomers was accepted. */
  added(nowMs: number): void {
    this.#beforeLastMs = this.#lastMs;
    this.#lastMs = nowMs;
  }

  /** When to commit for those of whom the first waits since `sinceMs`. */
  windowEndMs(sinceMs: number): number {
    const isCrowd = this.#lastMs - this.#beforeLastMs <= CROWD_MS;
    return Math.max(sinceMs + BATCH_WINDOW_MS, isCrowd ? this.#lastMs + CROWD_WINDOW_MS : 0);
  }
}
