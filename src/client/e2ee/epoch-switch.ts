/** A joiner that is not ready by then misses the first of our frames; waiting longer keeps everybody on old keys. */
const READY_MS = 1_500;

/**
 * How long frames of the old key may still arrive: a jitter buffer and a retransmission. Longer leaves old keys in
 * memory.
 */
const GRACE_MS = 2_000;

/**
 * Key ids tell 16 epochs apart (RFC 9605, section 5.2). Half of them, so that a member that is 8 behind mistakes none
 * for another.
 */
const MAX_LIVE = 8;

export interface EpochBegan {
  readonly epoch: bigint;
  /** Its commit removed somebody: nothing more may be sealed for them. */
  readonly removes: boolean;
  readonly nowMs: number;
}

export interface EpochUse {
  /** The epoch to seal with; `undefined` before the first. */
  readonly use: bigint | undefined;
  /** Epochs whose keys are to be wiped now; told once. */
  readonly forget: readonly bigint[];
  /** When to ask again by `tick`; `undefined` when nothing waits. */
  readonly wakeAtMs: number | undefined;
}

interface LiveEpoch {
  readonly epoch: bigint;
  /** Sealed with from then on, ready or not. */
  readonly useAtMs: number;
  /** Set when we use a newer one. */
  readonly forgetAtMs: number | undefined;
}

/**
 * Which epoch's key a sender seals with, and which keys it still holds to open what others seal. The first epoch and
 * one that removes somebody are used at once; one that only adds or refreshes when every member is there, or after 1.5
 * s. Never goes back.
 */
export class EpochSwitch {
  /** Oldest first. */
  #live: readonly LiveEpoch[] = [];
  #use: bigint | undefined;
  #readyEpoch = -1n;

  /** The keys of `epoch` are installed. An epoch that is not newer than all before it is ignored. */
  began({ epoch, removes, nowMs }: EpochBegan): EpochUse {
    const newest = this.#live.at(-1);
    if (newest && epoch <= newest.epoch) return this.tick(nowMs);
    const isUrgent = newest === undefined || removes;
    this.#live = [...this.#live, { epoch, useAtMs: isUrgent ? nowMs : nowMs + READY_MS, forgetAtMs: undefined }];
    return this.tick(nowMs);
  }

  /** The server says that every member is in `epoch`. Told early, it is remembered. */
  ready(epoch: bigint, nowMs: number): EpochUse {
    if (epoch > this.#readyEpoch) this.#readyEpoch = epoch;
    return this.tick(nowMs);
  }

  tick(nowMs: number): EpochUse {
    const usable = this.#live.filter(({ epoch, useAtMs }) => epoch <= this.#readyEpoch || useAtMs <= nowMs);
    const oldestKept = this.#live.at(-MAX_LIVE)?.epoch; // whoever is still behind it is lost to us anyway
    this.#use = [this.#use, usable.at(-1)?.epoch, oldestKept].reduce(newer, undefined);
    this.#live = this.#live.map((each) => this.#retired(each, nowMs));
    const kept = this.#live.slice(-MAX_LIVE).filter(({ forgetAtMs }) => forgetAtMs === undefined || nowMs < forgetAtMs);
    const forget = this.#live.filter((each) => !kept.includes(each)).map(({ epoch }) => epoch);
    this.#live = kept;
    return { use: this.#use, forget, wakeAtMs: this.#wakeAtMs() };
  }

  #retired(each: LiveEpoch, nowMs: number): LiveEpoch {
    const isOld = this.#use !== undefined && each.epoch < this.#use;
    return isOld && each.forgetAtMs === undefined ? { ...each, forgetAtMs: nowMs + GRACE_MS } : each;
  }

  #wakeAtMs(): number | undefined {
    const waits = this.#live
      .filter(({ epoch }) => epoch !== this.#use)
      .map(({ forgetAtMs, useAtMs }) => forgetAtMs ?? useAtMs);
    return waits.length > 0 ? Math.min(...waits) : undefined;
  }
}

function newer(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}
