import type { MemberId, PeerId } from '../base/index.ts';
import type { Roster } from './roster.ts';
import type { ServerRoster } from './server-roster.ts';

type Answer = (memberId: MemberId | undefined) => void;

/** Which peers are members of the group, for those who wait for it. */
export class KnownPeers {
  #members: ReadonlyMap<PeerId, MemberId> = new Map();
  readonly #waiting = new Map<PeerId, Answer[]>();

  /** Resolves when the peer is a member; with `undefined` when it goes before it was. */
  memberOf(peerId: PeerId): Promise<MemberId | undefined> {
    const known = this.#members.get(peerId);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => {
      this.#waiting.set(peerId, [...(this.#waiting.get(peerId) ?? []), resolve]);
    });
  }

  /** `server` says who is there at all, `roster` who is a member. */
  changed(server: ServerRoster, roster: Roster): void {
    this.#members = new Map(roster.peers.map(({ id, memberId }) => [id, memberId]));
    const present = new Set(server.peers.map(({ id }) => id));
    for (const [peerId, answers] of [...this.#waiting]) {
      const memberId = this.#members.get(peerId);
      if (memberId === undefined && present.has(peerId)) continue;
      this.#waiting.delete(peerId);
      for (const answer of answers) answer(memberId);
    }
  }
}
