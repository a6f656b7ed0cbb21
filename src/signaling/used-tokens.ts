/** Used ids are looked through this often. More often costs time, less often memory. */
const SWEEP_PERIOD_S = 60;

/** About 150 bytes each. A node that greets 270 sessions a second for an hour gets there, and then refuses to forget. */
const MAX_REMEMBERED = 1_000_000;

/** Remembers which single-use tokens were used, each until it would be refused as expired anyway. */
export class UsedTokens {
  readonly #forgetAtS = new Map<string, number>();
  #sweepAtS = 0;

  get size(): number {
    return this.#forgetAtS.size;
  }

  /** `used`: seen before. `full`: nothing more can be remembered, so that nothing more may be accepted. */
  use(id: string, forgetAtS: number, nowS: number): 'first-use' | 'used' | 'full' {
    if (nowS >= this.#sweepAtS) this.#sweep(nowS);
    if (this.#forgetAtS.has(id)) return 'used';
    if (this.#forgetAtS.size >= MAX_REMEMBERED) return 'full';
    this.#forgetAtS.set(id, forgetAtS);
    return 'first-use';
  }

  #sweep(nowS: number): void {
    this.#sweepAtS = nowS + SWEEP_PERIOD_S;
    for (const [id, forgetAtS] of this.#forgetAtS) if (forgetAtS < nowS) this.#forgetAtS.delete(id);
  }
}
