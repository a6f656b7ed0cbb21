import type { MemberId } from '../../base/index.ts';
import type { AddRefusal, WireCandidate } from '../../wire/index.ts';
import type { MlsFact } from './decision.ts';

/** A member would not add the candidate. Another is asked before the candidate is told. */
export interface Doubt {
  readonly by: MemberId;
  readonly reason: AddRefusal;
}

/**
 *   waiting --a member says that a person must press Admit--> knocking --Admit--> waiting, admitted --added--> (gone)
 *      |`--added, refused by two members, left--> (gone)          `--Refuse, left--> (gone)
 */
type Candidacy =
  | {
      readonly kind: 'waiting';
      readonly sinceMs: number;
      readonly admitted: boolean;
      readonly doubt: Doubt | undefined;
    }
  | { readonly kind: 'knocking'; readonly knock: MlsFact };

interface Entry {
  readonly offer: WireCandidate;
  readonly candidacy: Candidacy;
}

/** What a refusal comes to: another member's turn, the lobby, or the end. */
export type Refused = 'doubted' | 'knocking' | 'refused';

/** Who offered a key package and is not in the group, those first who came first. */
export class Candidates {
  readonly #entries = new Map<MemberId, Entry>();

  /** A second offer replaces the first, whatever was thought of that. */
  offer(offer: WireCandidate, nowMs: number): void {
    const candidacy = { kind: 'waiting', sinceMs: nowMs, admitted: false, doubt: undefined } as const;
    this.#entries.set(offer.member.memberId, { offer, candidacy });
  }

  /** Takes the candidate off. */
  drop(id: MemberId): void {
    this.#entries.delete(id);
  }

  /** Whether this very offer still stands. */
  stands(offer: WireCandidate): boolean {
    return this.#entries.get(offer.member.memberId)?.offer === offer;
  }

  has(id: MemberId): boolean {
    return this.#entries.has(id);
  }

  get first(): MemberId | undefined {
    return this.#entries.keys().next().value;
  }

  get waitingSinceMs(): number | undefined {
    const since = Array.from(this.#waiting, ({ candidacy }) => candidacy.sinceMs);
    return since.length > 0 ? Math.min(...since) : undefined;
  }

  /** Whom this member may be asked to add: nobody whom it would not add before. */
  waitingFor(committer: MemberId): readonly WireCandidate[] {
    return Array.from(this.#waiting).flatMap(({ offer, candidacy }) =>
      candidacy.doubt?.by === committer ? [] : [offer],
    );
  }

  get knocks(): readonly MlsFact[] {
    return [...this.#entries.values()].flatMap(({ candidacy }) =>
      candidacy.kind === 'knocking' ? [candidacy.knock] : [],
    );
  }

  /** What members are told of a candidate in the lobby; `undefined` for all others. */
  knockOf(id: MemberId): MlsFact | undefined {
    const candidacy = this.#entries.get(id)?.candidacy;
    return candidacy?.kind === 'knocking' ? candidacy.knock : undefined;
  }

  /** Who would not add this candidate, who waits. */
  doubterOf(id: MemberId): MemberId | undefined {
    const candidacy = this.#entries.get(id)?.candidacy;
    return candidacy?.kind === 'waiting' ? candidacy.doubt?.by : undefined;
  }

  /** A member would not add this candidate, who waited. `last`: there is no other member to ask. */
  refuse(id: MemberId, doubt: Doubt, { last }: { readonly last: boolean }): Refused {
    const entry = this.#entries.get(id);
    if (entry?.candidacy.kind !== 'waiting') return 'doubted'; // knocks already, by a late answer
    const { offer, candidacy } = entry;
    const lobby = doubt.reason === 'waiting';
    const final = last || (candidacy.doubt !== undefined && candidacy.doubt.by !== doubt.by);
    if (lobby && (final || !candidacy.admitted)) {
      this.#entries.set(id, {
        offer,
        candidacy: { kind: 'knocking', knock: { case: 'knocking', value: { candidate: offer } } },
      });
      return 'knocking';
    }
    if (final) {
      this.#entries.delete(id);
      return 'refused';
    }
    this.#entries.set(id, { offer, candidacy: { ...candidacy, doubt } });
    return 'doubted';
  }

  /** Those doubted by the one member there is: nobody else can be asked. */
  doubtedBy(only: MemberId): readonly (readonly [MemberId, Doubt])[] {
    return Array.from(this.#waiting).flatMap(({ offer, candidacy: { doubt } }) =>
      doubt?.by === only ? [[offer.member.memberId, doubt] as const] : [],
    );
  }

  admit(id: MemberId, nowMs: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const candidacy = { kind: 'waiting', sinceMs: nowMs, admitted: true, doubt: undefined } as const;
    this.#entries.set(id, { ...entry, candidacy });
  }

  /** There is no group any more that could know them: all wait anew. */
  restart(nowMs: number): void {
    for (const { offer } of [...this.#entries.values()]) this.offer(offer, nowMs);
  }

  get #waiting() {
    return waiting(this.#entries.values());
  }
}

function* waiting(entries: Iterable<Entry>) {
  for (const { offer, candidacy } of entries) if (candidacy.kind === 'waiting') yield { offer, candidacy };
}
