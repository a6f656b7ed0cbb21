import type { CipherSuite } from './cipher-suite.ts';
import { deriveSframeKey, importBaseKey } from './key-derivation.ts';
import { type FrameOwner, keyIdOf, type Source } from './key-id.ts';
import { LazyKey } from './lazy-key.ts';
import { OpeningKey } from './opening-key.ts';
import { SealingKey } from './sealing-key.ts';

/** What does not change between the epochs of a group. */
export interface EpochOptions {
  /** Our own leaf: its keys seal, all others' open. */
  readonly leafIndex: number;
  readonly suite: CipherSuite;
  readonly maxFramesPerKey: bigint;
}

/**
 * All keys of one MLS epoch. Each is derived when first wanted, once, and its counter or replay window lives beside it.
 */
export class EpochKeys {
  readonly #options: EpochOptions;
  readonly #baseKey: Promise<CryptoKey>;
  readonly #sealing = new Map<bigint, SealingKey>();
  readonly #opening = new Map<bigint, OpeningKey>();

  constructor(
    readonly epoch: bigint,
    baseKey: Uint8Array,
    options: EpochOptions,
  ) {
    this.#options = options;
    this.#baseKey = importBaseKey(baseKey);
    this.#baseKey.catch(() => undefined); // those who derive from it are told
  }

  /** The same object for the same source each time: its counter must not begin twice. */
  sealing(source: Source): SealingKey {
    const keyId = keyIdOf({ leafIndex: this.#options.leafIndex, source }, this.epoch);
    const known = this.#sealing.get(keyId);
    if (known) return known;
    const key = new SealingKey(keyId, this.epoch, this.#lazy(keyId, 'encrypt'), this.#options.maxFramesPerKey);
    this.#sealing.set(keyId, key);
    return key;
  }

  opening({ leafIndex, source }: FrameOwner): OpeningKey {
    const keyId = keyIdOf({ leafIndex, source }, this.epoch);
    const known = this.#opening.get(keyId);
    if (known) return known;
    const key = new OpeningKey({ leafIndex, source, epoch: this.epoch }, this.#lazy(keyId, 'decrypt'));
    this.#opening.set(keyId, key);
    return key;
  }

  /**
   * Derives a key before its first frame comes, so that the frame does not wait. For our own leaf, the one that seals.
   */
  async prepare(owner: FrameOwner): Promise<void> {
    const own = owner.leafIndex === this.#options.leafIndex;
    await (own ? this.sealing(owner.source) : this.opening(owner)).lazy.derived();
  }

  #lazy(keyId: bigint, usage: 'encrypt' | 'decrypt'): LazyKey {
    const { suite } = this.#options;
    return new LazyKey(async () => await deriveSframeKey(await this.#baseKey, keyId, suite, usage));
  }
}
