import type { SignalingLimits } from './limits.ts';
import { TokenBucket } from './token-bucket.ts';

/** `refused`: too fast, say so. `flooding`: went on regardless, close the session. */
export type Admission = 'admitted' | 'refused' | 'flooding';

/** Decides, before anything is decoded, whether a connection may have one more frame of so many bytes. */
export class FloodGuard {
  readonly #frames: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #refusals: TokenBucket;

  constructor(limits: Pick<SignalingLimits, 'frames' | 'bytes' | 'refusals'>, nowMs: number) {
    this.#frames = new TokenBucket(limits.frames, nowMs);
    this.#bytes = new TokenBucket(limits.bytes, nowMs);
    this.#refusals = new TokenBucket(limits.refusals, nowMs);
  }

  admit(frameBytes: number, nowMs: number): Admission {
    if (this.#frames.take(1, nowMs) && this.#bytes.take(frameBytes, nowMs)) return 'admitted';
    return this.refuse(nowMs);
  }

  /** Counts a refusal that was decided elsewhere, such as a full queue. */
  refuse(nowMs: number): Exclude<Admission, 'admitted'> {
    return this.#refusals.take(1, nowMs) ? 'refused' : 'flooding';
  }
}
