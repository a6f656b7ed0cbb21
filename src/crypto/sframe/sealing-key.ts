import type { LazyKey } from './lazy-key.ts';

/** The key of one source of ours in one epoch, and the counter that goes with it wherever the key goes. */
export class SealingKey {
  #counter = 0n;

  constructor(
    readonly keyId: bigint,
    readonly epoch: bigint,
    readonly lazy: LazyKey,
    readonly maxFrames: bigint,
  ) {}

  /** A counter that was never given before; `undefined` when the key has sealed its share. */
  takeCounter(): bigint | undefined {
    if (this.#counter >= this.maxFrames) return undefined;
    const counter = this.#counter;
    this.#counter += 1n;
    return counter;
  }
}
