/** Packets that come in another order are not lost yet. */
const FIRST_ASK_MS = 20;

/** About a round trip and the jitter on it: asking sooner makes the server send twice. */
const ASK_AGAIN_MS = 80;

/** Asked so often without an answer, a packet is given up. */
const MAX_ASKS = 4;

/** A gap of more is no loss but a new beginning of the stream. */
const MAX_GAP = 500;

interface Missing {
  asks: number;
  askedMs: number;
}

/** What to do about losses now. */
export interface LossStep {
  /** Indices to ask for by NACK. */
  readonly ask: readonly number[];
  /** Some were given up: what depends on them waits for a key frame. */
  readonly gaveUp: boolean;
}

/** Which packets of one stream are missing, and when a receiver asks for them. */
export class LossWatch {
  readonly #missing = new Map<number, Missing>();
  #highest: number | undefined;
  #lost = 0;

  /** Of packets that were given up. */
  get lost(): number {
    return this.#lost;
  }

  /** False for a packet that came before, or when it was no longer waited for. */
  received(index: number, nowMs: number): boolean {
    const highest = this.#highest;
    if (highest !== undefined && index <= highest) return this.#missing.delete(index);
    this.#highest = index;
    if (highest === undefined || index - highest > MAX_GAP) return true;
    for (let late = highest + 1; late < index; late += 1) this.#missing.set(late, { asks: 0, askedMs: nowMs });
    return true;
  }

  tick(nowMs: number): LossStep {
    const ask: number[] = [];
    let gaveUp = false;
    for (const [index, missing] of this.#missing) {
      const waitMs = missing.asks === 0 ? FIRST_ASK_MS : ASK_AGAIN_MS;
      if (nowMs - missing.askedMs < waitMs) continue;
      if (missing.asks === MAX_ASKS) {
        this.#missing.delete(index);
        this.#lost += 1;
        gaveUp = true;
        continue;
      }
      missing.asks += 1;
      missing.askedMs = nowMs;
      ask.push(index);
    }
    return { ask, gaveUp };
  }
}
