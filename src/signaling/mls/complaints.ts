import type { MemberId } from '../../base/index.ts';

/** A member that rejects a commit is at most BEHIND_LIMIT_MS behind: some ten epochs, even while a crowd comes in. */
const MAX_COMMITS = 16;

/**
 * From a complaint to the next refresh of the accused that is taken: a commit that nobody asked for, whose path may again be broken for
 * some. Longer spares those more, and leaves an accused who is honest longer with keys that may have been stolen.
 */
const NO_REFRESH_MS = 60_000;

/**
 * Whose commits did not work for everybody. The service opens no byte of MLS, so it cannot tell whether the committer
 * lies or whoever complains of it: nobody is put out, others are only asked first, and refreshes wait.
 */
export class Complaints {
  readonly #present = new Set<MemberId>();
  /** Since when. Who was complained of last stands last. */
  readonly #accused = new Map<MemberId, number>();
  /** Who made the commit in an epoch; the oldest first. */
  readonly #committers = new Map<number, MemberId>();

  /** `by` made the commit in `epoch` that was accepted: also in place of one that was void. */
  committed(epoch: number, by: MemberId): void {
    this.#committers.delete(epoch);
    this.#committers.set(epoch, by);
    const [oldest] = this.#committers.keys();
    if (this.#committers.size > MAX_COMMITS && oldest !== undefined) this.#committers.delete(oldest);
  }

  /** `undefined` when it was too long ago. */
  committerIn(epoch: number): MemberId | undefined {
    return this.#committers.get(epoch);
  }

  came(id: MemberId): void {
    this.#present.add(id);
  }

  /** Of who has left it is not kept: complaints end with a stay. */
  complain(of: MemberId, nowMs: number): void {
    if (!this.#present.has(of)) return;
    this.#accused.delete(of);
    this.#accused.set(of, nowMs);
  }

  mayRefresh(id: MemberId, nowMs: number): boolean {
    return nowMs - (this.#accused.get(id) ?? Number.NEGATIVE_INFINITY) >= NO_REFRESH_MS;
  }

  left(id: MemberId): void {
    this.#present.delete(id);
    this.#accused.delete(id);
  }

  /** There is no group any more that they were about. */
  clear(): void {
    this.#accused.clear();
    this.#committers.clear();
  }

  /** Those first of whom nobody complained, as they came; then those of whom nobody has complained for longest. */
  inTurn(able: readonly MemberId[]): readonly MemberId[] {
    const accused = [...this.#accused.keys()].filter((id) => able.includes(id));
    return [...able.filter((id) => !this.#accused.has(id)), ...accused];
  }
}
