import type { DeviceId, MemberId, PeerId, ProducerId, UserId } from '../base/index.ts';
import type { Role, ServerMessage, Source, WirePeer, WireProducer } from '../wire/index.ts';

/** What one peer publishes from one source. */
export interface Publication {
  readonly producerId: ProducerId;
  readonly source: Source;
  readonly muted: boolean;
}

/** Somebody else in the room, as the server says: an id to receive media from, and nothing to believe. */
export interface ServerPeer {
  readonly id: PeerId;
  readonly memberId: MemberId;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** A listener publishes nothing. */
  readonly role: Role;
  /** May remove people and lock the call. */
  readonly moderator: boolean;
  readonly publications: readonly Publication[];
}

/** Who the server says is in the room besides oneself, in order of arrival. A snapshot: a change makes a new one. */
export interface ServerRoster {
  readonly peers: readonly ServerPeer[];
  /** Who speaks now, loudest first; may hold one's own id. */
  readonly speakers: readonly PeerId[];
}

export const EMPTY_SERVER_ROSTER: ServerRoster = { peers: [], speakers: [] };

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

/** The roster after a join. Of silence the server tells no newcomer, so nobody speaks. */
export function rosterJoined(peers: readonly WirePeer[]): ServerRoster {
  return { peers: peers.map(toServerPeer), speakers: [] };
}

/** The roster after one fact. A fact about somebody unknown changes nothing. */
export function rosterAfter(roster: ServerRoster, fact: RosterFact): ServerRoster {
  const { peers } = roster;
  switch (fact.case) {
    case 'peerJoined':
      return { ...roster, peers: [...without(peers, fact.value.peer.id), toServerPeer(fact.value.peer)] };
    case 'peerLeft':
      return { ...roster, peers: without(peers, fact.value.peerId) };
    case 'producerOpened':
      return { ...roster, peers: published(peers, fact.value.peerId, toPublication(fact.value.producer)) };
    case 'producerClosed':
      return { ...roster, peers: edited(peers, fact.value.producerId, () => undefined) };
    case 'producerPaused':
      return { ...roster, peers: edited(peers, fact.value.producerId, (each) => ({ ...each, muted: true })) };
    case 'producerResumed':
      return { ...roster, peers: edited(peers, fact.value.producerId, (each) => ({ ...each, muted: false })) };
    case 'speakersChanged':
      return { ...roster, speakers: fact.value.peerIds };
  }
}

const without = (peers: readonly ServerPeer[], peerId: PeerId) => peers.filter(({ id }) => id !== peerId);

function published(peers: readonly ServerPeer[], peerId: PeerId, publication: Publication): readonly ServerPeer[] {
  return peers.map((peer) => {
    if (peer.id !== peerId) return peer;
    const others = peer.publications.filter(({ producerId }) => producerId !== publication.producerId);
    return { ...peer, publications: [...others, publication] };
  });
}

function edited(
  peers: readonly ServerPeer[],
  producerId: ProducerId,
  edit: (publication: Publication) => Publication | undefined,
): readonly ServerPeer[] {
  return peers.map((peer) => {
    if (!peer.publications.some((each) => each.producerId === producerId)) return peer;
    const publications = peer.publications.flatMap((each) =>
      each.producerId === producerId ? (edit(each) ?? []) : each,
    );
    return { ...peer, publications };
  });
}

function toServerPeer({ producers, ...peer }: WirePeer): ServerPeer {
  return { ...peer, publications: producers.map(toPublication) };
}

function toPublication({ id, source, paused }: WireProducer): Publication {
  return { producerId: id, source, muted: paused };
}
