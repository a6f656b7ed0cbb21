import { CallError } from '../../base/index.ts';
import { AES_128_GCM_SHA256_128, type CipherSuite } from './cipher-suite.ts';
import { EpochKeys, type EpochOptions } from './epoch-keys.ts';
import { EPOCH_SLOTS, MAX_LEAVES, slotOf } from './key-id.ts';

/** Frames sealed under one key: 1.5 years of 90 a second. Far below GCM's own limits, so nobody reaches either. */
const MAX_FRAMES_PER_KEY = 2n ** 32n;

export interface KeyStoreOptions {
  readonly suite?: CipherSuite;
  readonly maxFramesPerKey?: bigint;
}

/** The frame keys of one device in one MLS group, by epoch. A new group, or a new leaf, is a new store. */
export class KeyStore {
  readonly #options: EpochOptions;
  readonly #slots: (EpochKeys | undefined)[] = new Array(EPOCH_SLOTS).fill(undefined);
  #newest: bigint | undefined;

  /** @throws CallError `room-full` for a leaf that key ids have no room for. */
  constructor(
    readonly leafIndex: number,
    { suite = AES_128_GCM_SHA256_128, maxFramesPerKey = MAX_FRAMES_PER_KEY }: KeyStoreOptions = {},
  ) {
    if (leafIndex >= MAX_LEAVES) throw new CallError('room-full', `leaf ${leafIndex} has no key id`);
    this.#options = { leafIndex, suite, maxFramesPerKey };
  }

  /**
   * Makes the keys of a new epoch. The epoch with the same low bits is gone before (RFC 9605, section 5.2).
   * `undefined` when the epoch is not newer than all before it: installed twice, a key's counter would begin again.
   */
  install(epoch: bigint, baseKey: Uint8Array): EpochKeys | undefined {
    if (this.#newest !== undefined && epoch <= this.#newest) return undefined;
    const slot = slotOf(epoch);
    this.#slots[slot] = undefined;
    const keys = new EpochKeys(epoch, baseKey, this.#options);
    this.#slots[slot] = keys;
    this.#newest = epoch;
    return keys;
  }

  /** Frames of this epoch open no more, not even those in flight. */
  forget(epoch: bigint): void {
    const slot = slotOf(epoch);
    if (this.#slots[slot]?.epoch === epoch) this.#slots[slot] = undefined;
  }

  /** The installed epoch with these low bits. */
  at(slot: number): EpochKeys | undefined {
    return this.#slots[slot];
  }

  has(keys: EpochKeys): boolean {
    return this.#slots[slotOf(keys.epoch)] === keys;
  }
}
