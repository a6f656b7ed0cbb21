/** Counters that may arrive out of order: 11 s of three layers at 30 fps. More would only cost memory. */
export const REPLAY_WINDOW = 1024;

const SLOTS = BigInt(REPLAY_WINDOW);
const WORD_BITS = 32;

/** The counters of one key that were opened; what is older than the window counts as opened. */
export class ReplayWindow {
  /** A ring of bits: counter modulo the window's size. */
  readonly #seen = new Uint32Array(REPLAY_WINDOW / WORD_BITS);
  /** One above the highest counter that was accepted. */
  #end = 0n;

  /** Whether the counter was neither accepted before nor is too old to know. Changes nothing. */
  isFresh(counter: bigint): boolean {
    if (counter >= this.#end) return true;
    if (this.#end - counter > SLOTS) return false;
    const slot = slotOf(counter);
    return ((wordOf(this.#seen, slot) >>> (slot % WORD_BITS)) & 1) === 0;
  }

  /** Marks a counter whose frame was authenticated. False, and nothing changes, when it was not fresh any more. */
  accept(counter: bigint): boolean {
    if (!this.isFresh(counter)) return false;
    if (counter >= this.#end) this.#advance(counter);
    const slot = slotOf(counter);
    this.#seen[(slot / WORD_BITS) | 0] = wordOf(this.#seen, slot) | (1 << (slot % WORD_BITS));
    return true;
  }

  /** Clears the slots of the counters from the end up to this one: they held counters one round older. */
  #advance(counter: bigint): void {
    if (counter - this.#end >= SLOTS) this.#seen.fill(0);
    else for (let each = this.#end; each <= counter; each += 1n) this.#clear(slotOf(each));
    this.#end = counter + 1n;
  }

  #clear(slot: number): void {
    this.#seen[(slot / WORD_BITS) | 0] = wordOf(this.#seen, slot) & ~(1 << (slot % WORD_BITS));
  }
}

function slotOf(counter: bigint): number {
  return Number(counter % SLOTS);
}

function wordOf(words: Uint32Array, slot: number): number {
  return words[(slot / WORD_BITS) | 0] ?? 0;
}
