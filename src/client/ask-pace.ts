import type { MemberId } from '../base/index.ts';

/** One ask of the same pair in so long. Less lets one person nag another; more keeps a second cough on the line. */
export const ASK_PAUSE_MS = 10_000;

/** Of asks between the same two people, which count. Kept on both sides: whoever asks may be no honest client. */
export class AskPace {
  readonly #lastMs = new Map<MemberId, number>();

  /** Whether an ask to, or from, that member counts now; then no other does for a while. */
  take(memberId: MemberId, nowMs: number): boolean {
    for (const [each, atMs] of this.#lastMs) if (nowMs - atMs >= ASK_PAUSE_MS) this.#lastMs.delete(each);
    if (this.#lastMs.has(memberId)) return false;
    this.#lastMs.set(memberId, nowMs);
    return true;
  }
}
