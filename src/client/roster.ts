import type { PeerId, ProducerId, UserId } from '../base/index.ts';
import type { ServerMessage, Source, WirePeer, WireProducer } from '../wire/index.ts';

/** What one peer publishes from one source. */
export interface Publication {
  readonly producerId: ProducerId;
  readonly source: Source;
  readonly muted: boolean;
}

/** Somebody else in the room. */
export interface RosterPeer {
  readonly id: PeerId;
  /** Who the messenger's backend says this is. Two devices of one person share it. */
  readonly userId: UserId;
  readonly displayName: string;
  readonly publications: readonly Publication[];
}

/** Who is in the room besides oneself, in order of arrival. A snapshot: a change makes a new one. */
export interface Roster {
  readonly peers: readonly RosterPeer[];
  /** Who speaks now, loudest first; may hold one's own id. */
  readonly speakers: readonly PeerId[];
}

export const EMPTY_ROSTER: Roster = { peers: [], speakers: [] };

/** What changed between two snapshots, in the order in which it is told. */
export type RosterNews =
  | { readonly kind: 'peer-joined' | 'peer-left'; readonly peer: RosterPeer }
  | {
      readonly kind: 'published' | 'unpublished' | 'muted' | 'unmuted';
      readonly peerId: PeerId;
      readonly publication: Publication;
    }
  | { readonly kind: 'speakers'; readonly speakers: readonly PeerId[] };

export interface RosterChange {
  readonly roster: Roster;
  readonly news: readonly RosterNews[];
}

const ROSTER_FACTS = [
  'peerJoined',
  'peerLeft',
  'producerOpened',
  'producerClosed',
  'producerPaused',
  'producerResumed',
  'speakersChanged',
] as const;

export type RosterFact = Extract<ServerMessage, { readonly case: (typeof ROSTER_FACTS)[number] }>;

export function isRosterFact(fact: ServerMessage): fact is RosterFact {
  return (ROSTER_FACTS as readonly string[]).includes(fact.case);
}

/** The roster after one fact. A fact about somebody unknown changes nothing. */
export function rosterAfter(roster: Roster, fact: RosterFact): RosterChange {
  switch (fact.case) {
    case 'peerJoined':
      return changed(roster, [...without(roster.peers, fact.value.peer.id), toRosterPeer(fact.value.peer)]);
    case 'peerLeft':
      return changed(roster, without(roster.peers, fact.value.peerId));
    case 'producerOpened': {
      const { peerId, producer } = fact.value;
      return changed(roster, published(roster.peers, peerId, toPublication(producer)));
    }
    case 'producerClosed':
      return changed(
        roster,
        edited(roster.peers, fact.value.producerId, () => undefined),
      );
    case 'producerPaused':
      return changed(
        roster,
        edited(roster.peers, fact.value.producerId, (each) => ({ ...each, muted: true })),
      );
    case 'producerResumed':
      return changed(
        roster,
        edited(roster.peers, fact.value.producerId, (each) => ({ ...each, muted: false })),
      );
    case 'speakersChanged': {
      const speakers = fact.value.peerIds;
      return { roster: { ...roster, speakers }, news: [{ kind: 'speakers', speakers }] };
    }
  }
}

/** The roster after a join, told as what differs from before: after a reconnect most people are still the same. */
export function rosterJoined(before: Roster, peers: readonly WirePeer[]): RosterChange {
  const { roster, news } = changed({ ...before, speakers: [] }, peers.map(toRosterPeer));
  if (before.speakers.length === 0) return { roster, news };
  return { roster, news: [...news, { kind: 'speakers', speakers: [] }] }; // of silence the server tells no newcomer
}

/** What one has to be told to get from `before` to `after`: departures first. */
export function newsBetween(before: readonly RosterPeer[], after: readonly RosterPeer[]): readonly RosterNews[] {
  const gone = before.filter(({ id }) => !after.some((peer) => peer.id === id));
  const come = after.filter(({ id }) => !before.some((peer) => peer.id === id));
  return [
    ...gone.flatMap((peer): RosterNews[] => [
      ...publicationNews(peer.id, peer.publications, []),
      { kind: 'peer-left', peer },
    ]),
    ...after.flatMap((peer) => {
      const same = before.find(({ id }) => id === peer.id);
      return same ? publicationNews(peer.id, same.publications, peer.publications) : [];
    }),
    ...come.flatMap((peer): RosterNews[] => [
      { kind: 'peer-joined', peer },
      ...publicationNews(peer.id, [], peer.publications),
    ]),
  ];
}

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

function changed(roster: Roster, peers: readonly RosterPeer[]): RosterChange {
  return { roster: { ...roster, peers }, news: newsBetween(roster.peers, peers) };
}

const without = (peers: readonly RosterPeer[], peerId: PeerId) => peers.filter(({ id }) => id !== peerId);

function published(peers: readonly RosterPeer[], peerId: PeerId, publication: Publication): readonly RosterPeer[] {
  return peers.map((peer) => {
    if (peer.id !== peerId) return peer;
    const others = peer.publications.filter(({ producerId }) => producerId !== publication.producerId);
    return { ...peer, publications: [...others, publication] };
  });
}

function edited(
  peers: readonly RosterPeer[],
  producerId: ProducerId,
  edit: (publication: Publication) => Publication | undefined,
): readonly RosterPeer[] {
  return peers.map((peer) => {
    if (!peer.publications.some((each) => each.producerId === producerId)) return peer;
    const publications = peer.publications.flatMap((each) =>
      each.producerId === producerId ? (edit(each) ?? []) : each,
    );
    return { ...peer, publications };
  });
}

function toRosterPeer({ id, userId, displayName, producers }: WirePeer): RosterPeer {
  return { id, userId, displayName, publications: producers.map(toPublication) };
}

function toPublication({ id, source, paused }: WireProducer): Publication {
  return { producerId: id, source, muted: paused };
}
