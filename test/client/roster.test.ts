import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PeerId, ProducerId, UserId } from '../../src/base/index.ts';
import {
  EMPTY_ROSTER,
  isRosterFact,
  newsBetween,
  type Publication,
  type Roster,
  type RosterFact,
  type RosterNews,
  type RosterPeer,
  rosterAfter,
  rosterJoined,
} from '../../src/client/roster.ts';
import type { WirePeer, WireProducer } from '../../src/wire/index.ts';

const producer = (id: string, paused = false): WireProducer => ({ id: id as ProducerId, source: 'camera', paused });
const wirePeer = (id: string, ...producers: readonly WireProducer[]): WirePeer => ({
  id: id as PeerId,
  userId: `user-${id}` as UserId,
  displayName: id,
  producers: [...producers],
});
const ids = (...names: readonly string[]) => names as PeerId[];
const rosterOf = (...peers: readonly WirePeer[]): Roster => rosterJoined(EMPTY_ROSTER, peers).roster;

/** `published c1` of a publication, `peer-left ada` of a peer. */
const short = (news: readonly RosterNews[]) =>
  news.map((each) => {
    if (each.kind === 'speakers') return `speakers ${each.speakers}`;
    return `${each.kind} ${'peer' in each ? each.peer.id : each.publication.producerId}`;
  });

describe('the roster after a fact', () => {
  const before = rosterOf(wirePeer('ada', producer('c1')), wirePeer('bob', producer('c2', true)));
  const fact = <Case extends RosterFact['case']>(
    name: Case,
    value: Extract<RosterFact, { readonly case: Case }>['value'],
  ) => ({ case: name, value }) as RosterFact;

  test.each<[string, RosterFact, readonly string[]]>([
    [
      'somebody came with a camera',
      fact('peerJoined', { peer: wirePeer('eve', producer('c3')) }),
      ['peer-joined eve', 'published c3'],
    ],
    [
      'somebody left: first what they published',
      fact('peerLeft', { peerId: ids('ada')[0] as PeerId }),
      ['unpublished c1', 'peer-left ada'],
    ],
    [
      'a screen was published',
      fact('producerOpened', { peerId: 'ada' as PeerId, producer: producer('s1') }),
      ['published s1'],
    ],
    ['a camera was closed', fact('producerClosed', { producerId: 'c1' as ProducerId }), ['unpublished c1']],
    ['muted', fact('producerPaused', { producerId: 'c1' as ProducerId }), ['muted c1']],
    ['muted twice', fact('producerPaused', { producerId: 'c2' as ProducerId }), []],
    ['unmuted', fact('producerResumed', { producerId: 'c2' as ProducerId }), ['unmuted c2']],
    ['speakers', fact('speakersChanged', { peerIds: ids('bob', 'ada') }), ['speakers bob,ada']],
  ])('%s', (_, happened, news) => {
    expect(short(rosterAfter(before, happened).news)).toEqual(news);
  });

  test.each<[string, RosterFact]>([
    ['a peer', fact('peerLeft', { peerId: 'eve' as PeerId })],
    ['a publisher', fact('producerOpened', { peerId: 'eve' as PeerId, producer: producer('c3') })],
    ['a producer that closed', fact('producerClosed', { producerId: 'c3' as ProducerId })],
    ['a producer that paused', fact('producerPaused', { producerId: 'c3' as ProducerId })],
  ])('a fact about somebody unknown changes nothing: %s', (_, happened) => {
    expect(rosterAfter(before, happened)).toEqual({ roster: before, news: [] });
  });

  test('peers stand in the order in which they came', () => {
    const { roster } = rosterAfter(before, fact('peerJoined', { peer: wirePeer('aaron') }));
    expect(roster.peers.map(({ id }) => id)).toEqual(['ada', 'bob', 'aaron']);
  });

  test('the snapshot before is left as it was', () => {
    const copy = structuredClone(before);
    rosterAfter(before, fact('producerPaused', { producerId: 'c1' as ProducerId }));
    rosterAfter(before, fact('peerLeft', { peerId: 'ada' as PeerId }));
    expect(before).toEqual(copy);
  });

  test('seven facts are about the roster, the others are not', () => {
    expect(isRosterFact(fact('peerLeft', { peerId: 'ada' as PeerId }))).toBe(true);
    expect(isRosterFact({ case: 'mediaLost', value: {} })).toBe(false);
  });
});

describe('the roster after a join', () => {
  test('of the first: everybody who is there, with what they publish', () => {
    const { roster, news } = rosterJoined(EMPTY_ROSTER, [wirePeer('ada', producer('c1', true)), wirePeer('bob')]);
    expect(short(news)).toEqual(['peer-joined ada', 'published c1', 'peer-joined bob']);
    expect(roster).toEqual({
      peers: [
        {
          id: 'ada',
          userId: 'user-ada',
          displayName: 'ada',
          publications: [{ producerId: 'c1', source: 'camera', muted: true }],
        },
        { id: 'bob', userId: 'user-bob', displayName: 'bob', publications: [] },
      ],
      speakers: [],
    });
  });

  test('of a later one: what is different, and nothing of those who stayed', () => {
    const before = rosterOf(wirePeer('ada', producer('c1')), wirePeer('bob', producer('c2')), wirePeer('eve'));
    const { news } = rosterJoined(before, [
      wirePeer('ada', producer('c1', true)),
      wirePeer('bob', producer('c2')),
      wirePeer('zoe'),
    ]);
    expect(short(news)).toEqual(['peer-left eve', 'muted c1', 'peer-joined zoe']);
  });

  test('nobody speaks until the server says so, and that is told', () => {
    const before: Roster = { ...rosterOf(wirePeer('ada')), speakers: ids('ada') };
    const { roster, news } = rosterJoined(before, [wirePeer('ada')]);
    expect(roster.speakers).toEqual([]);
    expect(news).toEqual([{ kind: 'speakers', speakers: [] }]);
  });
});

describe('news between two snapshots', () => {
  const publication = fc.record({
    producerId: fc.constantFrom('p1', 'p2', 'p3') as fc.Arbitrary<ProducerId>,
    source: fc.constant('camera' as const),
    muted: fc.boolean(),
  });
  const peer = fc.record({
    id: fc.constantFrom('ada', 'bob', 'eve', 'zoe') as fc.Arbitrary<PeerId>,
    userId: fc.constant('user' as UserId),
    displayName: fc.constant('name'),
    publications: fc.uniqueArray(publication, { selector: ({ producerId }) => producerId }),
  });
  const peers = fc.uniqueArray(peer, { selector: ({ id }) => id });

  /** One line per peer and publication, so that order does not count. */
  const lines = (all: readonly RosterPeer[]) =>
    all.flatMap(({ id, publications }) => [id, ...publications.map((each) => line(id, each))]).sort();
  const line = (peerId: PeerId, { producerId, muted }: Publication) => `${peerId} ${producerId} ${muted}`;

  test('who follows them has the second snapshot', () => {
    fc.assert(
      fc.property(peers, peers, (before, after) => {
        const known = new Set(lines(before));
        for (const news of newsBetween(before, after)) {
          if (news.kind === 'speakers') continue;
          if (news.kind === 'peer-joined') known.add(news.peer.id);
          else if (news.kind === 'peer-left') known.delete(news.peer.id);
          else if ('publication' in news) {
            const { peerId, publication } = news;
            known.delete(line(peerId, { ...publication, muted: true }));
            known.delete(line(peerId, { ...publication, muted: false }));
            if (news.kind !== 'unpublished') known.add(line(peerId, publication));
          }
        }
        expect([...known].sort()).toEqual(lines(after));
      }),
    );
  });

  test('between equal snapshots there are none', () => {
    fc.assert(
      fc.property(peers, (same) => {
        expect(newsBetween(same, structuredClone(same))).toEqual([]);
      }),
    );
  });
});
