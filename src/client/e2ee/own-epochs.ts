/** Check-ins of epochs before these come too late to say anything. 8 are at least 1.6 s even in a storm of joins. */
const MAX_EPOCHS = 8;

/** One epoch as we know it. */
export interface OwnEpoch {
  readonly epoch: bigint;
  /** RFC 9420, section 8.7. */
  readonly authenticator: Uint8Array;
  /** When it began for us. */
  readonly nowMs: number;
}

/** The last few epochs that we were in: members may speak of one that is just over. */
export class OwnEpochs {
  /** Oldest first. */
  #epochs: readonly OwnEpoch[] = [];

  get newest(): bigint | undefined {
    return this.#epochs.at(-1)?.epoch;
  }

  add(own: OwnEpoch): void {
    this.#epochs = [...this.#epochs, own].slice(-MAX_EPOCHS);
  }

  /** Whether `authenticator` is ours; `undefined` for an epoch that we do not know. */
  agrees(epoch: bigint, authenticator: Uint8Array): boolean | undefined {
    const own = this.#epochs.find((each) => each.epoch === epoch)?.authenticator;
    if (own === undefined) return undefined;
    return own.length === authenticator.length && own.every((byte, index) => byte === authenticator[index]);
  }

  /** When the epoch after `epoch` began; `undefined` when there is none yet. */
  beganAfterMs(epoch: bigint): number | undefined {
    return this.#epochs.find((each) => each.epoch > epoch)?.nowMs;
  }
}
