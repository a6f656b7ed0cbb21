import { TokenBucket } from '../base/index.ts';
import { MAX_FRAME_BYTES } from '../wire/index.ts';
import type { SignalingLimits } from './limits.ts';

/** `refused`: too fast, say so. `flooding`: went on regardless, close the session. */
export type Admission = 'admitted' | 'refused' | 'flooding';

/** Decides, before anything is decoded, whether a connection may have one more frame of so many bytes. */
export class FloodGuard {
  readonly #frames: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #commitBytes: TokenBucket;
  readonly #refusals: TokenBucket;

  constructor(limits: Pick<SignalingLimits, 'frames' | 'bytes' | 'commitBytes' | 'refusals'>, nowMs: number) {
    this.#frames = new TokenBucket(limits.frames, nowMs);
    this.#bytes = new TokenBucket(limits.bytes, nowMs);
    this.#commitBytes = new TokenBucket(limits.commitBytes, nowMs);
    this.#refusals = new TokenBucket(limits.refusals, nowMs);
  }

  admit(frameBytes: number, nowMs: number): Admission {
    const bytes = frameBytes > MAX_FRAME_BYTES ? this.#commitBytes : this.#bytes;
    if (this.#frames.take(1, nowMs) && bytes.take(frameBytes, nowMs)) return 'admitted';
    return this.refuse(nowMs);
  }

  /** Counts a refusal that was decided elsewhere, such as a full queue. */
  refuse(nowMs: number): Exclude<Admission, 'admitted'> {
    return this.#refusals.take(1, nowMs) ? 'refused' : 'flooding';
  }
}
