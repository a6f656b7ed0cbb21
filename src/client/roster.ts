import type { MemberId, PeerId } from '../base/index.ts';
import type { Presence } from '../wire/index.ts';
import type { Publication, ServerPeer, ServerRoster } from './server-roster.ts';

/** What a leaf of the group says of its owner, whose proof was checked. */
export interface CallMember {
  readonly memberId: MemberId;
  readonly userId: string;
  readonly deviceId: string;
  /** Absent where names do not travel in the call: the messenger knows who the user is. */
  readonly name: string | undefined;
  /** Whether people compared the code with this person on this device. */
  readonly trust: 'verified' | 'new' | 'changed-device';
}

/** Somebody else in the call: named by their leaf in the group, never by the server. */
export interface RosterPeer extends Omit<ServerPeer, 'publications'> {
  readonly displayName: string;
  readonly trust: CallMember['trust'];
  /** Whether it is another device of the person at this one. */
  readonly isOwn: boolean;
  readonly handRaised: boolean;
  /** Their device says that it records the call. */
  readonly recording: boolean;
  readonly publications: readonly Publication[];
}

/** Who is in the call besides oneself, in order of arrival. A snapshot: a change makes a new one. */
export interface Roster {
  readonly peers: readonly RosterPeer[];
  /** Who speaks now, loudest first; may hold one's own id. */
  readonly speakers: readonly PeerId[];
  /** How many more the server says are here: on their way into the group, or waiting to be let in. Nothing to believe. */
  readonly coming: number;
}

export const EMPTY_ROSTER: Roster = { peers: [], speakers: [], coming: 0 };

/** What changed between two snapshots, in the order in which it is told. */
export type RosterNews =
  | { readonly kind: 'peer-joined' | 'peer-left'; readonly peer: RosterPeer }
  | {
      readonly kind: 'published' | 'unpublished' | 'muted' | 'unmuted';
      readonly peerId: PeerId;
      readonly publication: Publication;
    }
  | { readonly kind: 'speakers'; readonly speakers: readonly PeerId[] };

/** What members know of each other. */
export interface Members {
  readonly members: ReadonlyMap<MemberId, CallMember>;
  /** What they said of themselves; absent until they do. */
  readonly presence: ReadonlyMap<MemberId, Presence>;
  /** Which of them is this device; `undefined` before it is one. */
  readonly self?: MemberId | undefined;
}

/**
 * Who of the server's roster is a member of the group, under the name in their leaf. A peer whom the server calls another user or
 * device than the leaf does is nobody. What members say of their microphone counts; what the server says, until they do.
 */
export function rosterOf(server: ServerRoster, { members, presence, self }: Members): Roster {
  const ownUser = self === undefined ? undefined : members.get(self)?.userId;
  const peers = server.peers.flatMap((peer): RosterPeer[] => {
    const member = members.get(peer.memberId);
    if (!member || member.userId !== peer.userId || member.deviceId !== peer.deviceId) return [];
    const said = presence.get(peer.memberId);
    const publications = peer.publications.map((publication) =>
      said && publication.source === 'microphone' ? { ...publication, muted: !said.microphoneOn } : publication,
    );
    const displayName = member.name ?? member.userId;
    const { handRaised = false, recording = false } = said ?? {};
    const isOwn = member.userId === ownUser;
    return [{ ...peer, publications, displayName, trust: member.trust, isOwn, handRaised, recording }];
  });
  return { peers, speakers: server.speakers, coming: server.peers.length - peers.length };
}

/** What one has to be told to get from `before` to `after`: departures first. */
export function newsBetween(before: Roster, after: Roster): readonly RosterNews[] {
  const was = new Map(before.peers.map((peer) => [keyOf(peer), peer]));
  const is = new Set(after.peers.map(keyOf));
  return [
    ...before.peers.flatMap((peer): RosterNews[] =>
      is.has(keyOf(peer)) ? [] : [...publicationNews(peer.id, peer.publications, []), { kind: 'peer-left', peer }],
    ),
    ...after.peers.flatMap((peer): RosterNews[] => {
      const { id, publications } = peer;
      const same = was.get(keyOf(peer));
      if (same) return publicationNews(id, same.publications, publications);
      return [{ kind: 'peer-joined', peer }, ...publicationNews(id, [], publications)];
    }),
    ...(before.speakers.join() === after.speakers.join()
      ? []
      : [{ kind: 'speakers' as const, speakers: after.speakers }]),
  ];
}

/** A peer that the server calls another member now is another one: what was received from it is not theirs. */
const keyOf = ({ id, memberId }: RosterPeer) => `${id} ${memberId}`;

function publicationNews(peerId: PeerId, before: readonly Publication[], after: readonly Publication[]): RosterNews[] {
  const news: RosterNews[] = [];
  for (const publication of before) {
    const still = after.find(({ producerId }) => producerId === publication.producerId);
    if (!still) news.push({ kind: 'unpublished', peerId, publication });
    else if (still.muted !== publication.muted)
      news.push({ kind: still.muted ? 'muted' : 'unmuted', peerId, publication: still });
  }
  for (const publication of after) {
    if (!before.some(({ producerId }) => producerId === publication.producerId))
      news.push({ kind: 'published', peerId, publication });
  }
  return news;
}
