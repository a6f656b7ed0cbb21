import type { MemberId } from '../../base/index.ts';
import { BEHIND_LIMIT_MS, CONFIRM_LIMIT_MS, ENTERING_LIMIT_MS } from './timing.ts';

/**
 *   entering --says that it is there--> in --lost, left, offers again--> leaving --a commit removes it--> (gone)
 *       `--------lost, left, offers again-----------------------------------^
 */
export type Leaf =
  /** Welcomed to `epoch`, and has not said yet that it is there. */
  | { readonly kind: 'entering'; readonly epoch: number; readonly welcomer: MemberId; readonly sinceMs: number }
  | {
      readonly kind: 'in';
      readonly reached: number;
      /** When it last fell behind or moved without catching up; `undefined` in the current epoch. */
      readonly behindSinceMs: number | undefined;
      /** By whom it was brought to where it is; `undefined` once it has followed a commit from there. */
      readonly welcomer: MemberId | undefined;
    }
  /** In the tree, and no member any more. */
  | { readonly kind: 'leaving'; readonly sinceMs: number };

/** Who is in the group's tree, those first who came first; and who of the call is away, in the tree or on its way there. */
export class Leaves {
  readonly #leaves = new Map<MemberId, Leaf>();
  readonly #away = new Set<MemberId>();

  /** Those who are told of commits: all but the leaving. */
  get members(): readonly MemberId[] {
    return [...this.#leaves.keys()].filter((id) => this.isMember(id));
  }

  /** Those whom the next commit removes. */
  get leaving(): readonly MemberId[] {
    return [...this.#leaves.keys()].filter((id) => this.#leaves.get(id)?.kind === 'leaving');
  }

  /** When the first of the leaving began to. */
  get leavingSinceMs(): number | undefined {
    const since = [...this.#leaves.values()].flatMap((leaf) => (leaf.kind === 'leaving' ? [leaf.sinceMs] : []));
    return since.length > 0 ? Math.min(...since) : undefined;
  }

  /** Its socket is gone: it hears nothing until it is back, and its time does not run. */
  away(id: MemberId): void {
    this.#away.add(id);
  }

  /** Has all its time again, to enter or to catch up. */
  back(id: MemberId, nowMs: number): void {
    if (!this.#away.delete(id)) return;
    const leaf = this.#leaves.get(id);
    if (leaf?.kind === 'entering') this.#leaves.set(id, { ...leaf, sinceMs: nowMs });
    if (leaf?.kind === 'in' && leaf.behindSinceMs !== undefined)
      this.#leaves.set(id, { ...leaf, behindSinceMs: nowMs });
  }

  isAway(id: MemberId): boolean {
    return this.#away.has(id);
  }

  /** Out of the call. */
  forget(id: MemberId): void {
    this.#away.delete(id);
  }

  isMember(id: MemberId): boolean {
    const kind = this.#leaves.get(id)?.kind;
    return kind === 'entering' || kind === 'in';
  }

  /** The last epoch that a member said it is in; `undefined` for all but members. */
  reachedBy(id: MemberId): number | undefined {
    const leaf = this.#leaves.get(id);
    return leaf?.kind === 'in' ? leaf.reached : undefined;
  }

  /** Who welcomed a member that has followed no commit since: where it is, it is by that welcome alone. */
  welcomerOf(id: MemberId): MemberId | undefined {
    const leaf = this.#leaves.get(id);
    return leaf && leaf.kind !== 'leaving' ? leaf.welcomer : undefined;
  }

  /** Behind for so long that nobody waits for its word on a commit: it may be in a tunnel, with half of the call. */
  isLagging(id: MemberId, nowMs: number): boolean {
    const leaf = this.#leaves.get(id);
    return leaf?.kind === 'in' && leaf.behindSinceMs !== undefined && nowMs - leaf.behindSinceMs >= CONFIRM_LIMIT_MS;
  }

  /** Members who can commit in this epoch, and hear that they should. */
  at(epoch: number): readonly MemberId[] {
    return [...this.#leaves.keys()].filter((id) => this.reachedBy(id) === epoch && !this.isAway(id));
  }

  /**
   * Somebody is in this epoch, and everybody who is not away: whoever is away opens no frame of it until it is back, and would
   * not wait less if the others did.
   */
  isReady(epoch: number): boolean {
    const { members } = this;
    const isThere = (id: MemberId) => this.reachedBy(id) === epoch;
    return members.some(isThere) && members.every((id) => isThere(id) || this.isAway(id));
  }

  found(id: MemberId): void {
    this.#leaves.set(id, { kind: 'in', reached: 0, behindSinceMs: undefined, welcomer: undefined });
  }

  enter(id: MemberId, epoch: number, welcomer: MemberId, nowMs: number): void {
    this.#leaves.delete(id); // a leaf of an earlier time had an earlier place
    this.#leaves.set(id, { kind: 'entering', epoch, welcomer, sinceMs: nowMs });
  }

  leave(id: MemberId, nowMs: number): void {
    this.#leaves.set(id, { kind: 'leaving', sinceMs: nowMs });
  }

  drop(ids: Iterable<MemberId>): void {
    for (const id of ids) this.#leaves.delete(id);
  }

  clear(): void {
    this.#leaves.clear();
  }

  /**
   * Believes a member that it is in `epoch`, which is not later than the current; does nothing when it was there
   * before.
   */
  reach(id: MemberId, epoch: number, current: number, nowMs: number): void {
    const leaf = this.#leaves.get(id);
    if (!leaf || leaf.kind === 'leaving') return;
    if (leaf.kind === 'entering' ? epoch < leaf.epoch : epoch <= leaf.reached) return;
    const hasFollowed = leaf.kind === 'in' || epoch > leaf.epoch;
    const welcomer = hasFollowed ? undefined : leaf.welcomer;
    this.#leaves.set(id, { kind: 'in', reached: epoch, behindSinceMs: epoch < current ? nowMs : undefined, welcomer });
  }

  /** The epoch is another: who is not in it is behind from now on, if it was not before. */
  epochChanged(current: number, nowMs: number): void {
    for (const [id, leaf] of this.#leaves) {
      if (leaf.kind !== 'in') continue;
      const behindSinceMs = leaf.reached === current ? undefined : (leaf.behindSinceMs ?? nowMs);
      this.#leaves.set(id, { ...leaf, behindSinceMs });
    }
  }

  /** Members who had their time to enter or to catch up. */
  overdue(nowMs: number): readonly MemberId[] {
    return [...this.#leaves.keys()].filter((id) => this.#deadlineOf(id) <= nowMs);
  }

  /** When the next of them will be. */
  get deadlineMs(): number {
    return Math.min(...Array.from(this.#leaves.keys(), (id) => this.#deadlineOf(id)));
  }

  #deadlineOf(id: MemberId): number {
    const leaf = this.#leaves.get(id);
    if (this.isAway(id)) return Number.POSITIVE_INFINITY;
    if (leaf?.kind === 'entering') return leaf.sinceMs + ENTERING_LIMIT_MS;
    if (leaf?.kind === 'in' && leaf.behindSinceMs !== undefined) return leaf.behindSinceMs + BEHIND_LIMIT_MS;
    return Number.POSITIVE_INFINITY;
  }
}
