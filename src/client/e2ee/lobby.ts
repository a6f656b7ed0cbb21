import type { MemberId } from '../../base/index.ts';
import type { WireCandidate } from '../../wire/index.ts';
import type { Knocker } from './group-listener.ts';

/** Who knocks, and whom a person has let in. Only members decide: what the server says counts for nothing here. */
export class Lobby {
  readonly #on: boolean;
  readonly #knockers = new Map<MemberId, Knocker>();
  readonly #admitted = new Set<MemberId>();

  constructor(on: boolean) {
    this.#on = on;
  }

  /** In order of arrival. */
  get knockers(): readonly Knocker[] {
    return [...this.#knockers.values()];
  }

  /** Whom a commit of ours may add, and who has to wait. */
  sort(candidates: readonly WireCandidate[]): {
    readonly admitted: readonly WireCandidate[];
    readonly waiting: readonly WireCandidate[];
  } {
    const mayEnter = ({ member }: WireCandidate) => !this.#on || this.#admitted.has(member.memberId);
    return {
      admitted: candidates.filter(mayEnter),
      waiting: candidates.filter((candidate) => !mayEnter(candidate)),
    };
  }

  knocked(knocker: Knocker): void {
    if (this.#on && !this.#admitted.has(knocker.memberId)) this.#knockers.set(knocker.memberId, knocker);
  }

  decided(memberId: MemberId, admitted: boolean): void {
    this.#knockers.delete(memberId);
    if (admitted) this.#admitted.add(memberId);
    else this.#admitted.delete(memberId);
  }

  /** Who is a member knocks no more. Whether anybody did. */
  arrived(memberIds: readonly MemberId[]): boolean {
    let changed = false;
    for (const memberId of memberIds) changed = this.#knockers.delete(memberId) || changed;
    return changed;
  }
}
