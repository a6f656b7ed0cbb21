import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeviceId, MemberId, PeerId, ProducerId, UserId } from '../../src/base/index.ts';
import {
  type CallMember,
  EMPTY_ROSTER,
  type Members,
  newsBetween,
  type Roster,
  type RosterNews,
  type RosterPeer,
  rosterOf,
} from '../../src/client/roster.ts';
import type { Publication, ServerPeer } from '../../src/client/server-roster.ts';
import type { Presence, Source } from '../../src/wire/index.ts';

const publication = (source: Source, muted: boolean): Publication => ({
  producerId: source as string as ProducerId,
  source,
  muted,
});
const serverPeer = (name: string, publications: readonly Publication[] = [], userId = `user-${name}`): ServerPeer => ({
  id: `peer-${name}` as PeerId,
  memberId: name as MemberId,
  userId: userId as UserId,
  deviceId: `device-${name}` as DeviceId,
  role: 'speaker',
  moderator: false,
  publications,
});
const member = (name: string, shown: string | undefined = name): CallMember => ({
  memberId: name as MemberId,
  userId: `user-${name}`,
  deviceId: `device-${name}`,
  name: shown,
  trust: 'verified',
});
const rosterPeer = (id: string, memberId: string): RosterPeer => ({
  ...serverPeer(memberId, [{ ...publication('camera', false), producerId: `c-${id}` as ProducerId }]),
  id: id as PeerId,
  displayName: memberId,
  trust: 'new',
  isOwn: false,
  handRaised: false,
  recording: false,
});

function seen(
  peers: readonly ServerPeer[],
  members: readonly CallMember[],
  said: Record<string, Partial<Presence>> = {},
) {
  const presence = new Map(
    Object.entries(said).map(([name, each]) => [
      name as MemberId,
      { microphoneOn: false, cameraOn: false, handRaised: false, recording: false, ...each },
    ]),
  );
  const byId = new Map(members.map((each) => [each.memberId, each]));
  return rosterOf({ peers, speakers: [] }, { members: byId, presence }).peers;
}

describe('who is in the call', () => {
  test('whoever the server tells of and a leaf vouches for, under the name in the leaf', () => {
    expect(seen([serverPeer('ada'), serverPeer('ghost')], [member('ada', 'Ada L.')])).toMatchObject([
      { id: 'peer-ada', displayName: 'Ada L.', trust: 'verified', handRaised: false },
    ]);
  });

  test('under the user where names do not travel in the call', () => {
    expect(seen([serverPeer('ada')], [{ ...member('ada'), name: undefined }])).toMatchObject([
      { displayName: 'user-ada' },
    ]);
  });

  test('nobody whom the server calls another user or device than the leaf does', () => {
    expect(seen([serverPeer('ada', [], 'user-ben')], [member('ada')])).toEqual([]);
    expect(seen([{ ...serverPeer('ada'), deviceId: 'tablet' as DeviceId }], [member('ada')])).toEqual([]);
  });

  test('who is no member is only counted, and is no news', () => {
    const [ada, ghost] = [serverPeer('ada'), serverPeer('ghost')];
    const known = { members: new Map([[ada.memberId, member('ada')]]), presence: new Map() };
    const before = rosterOf({ peers: [ada], speakers: [] }, known);
    const after = rosterOf({ peers: [ada, ghost], speakers: [] }, known);
    expect([before.coming, after.coming]).toEqual([0, 1]);
    expect(newsBetween(before, after)).toEqual([]);
  });

  test('a microphone is muted as its owner says; as the server says until then, and for all else', () => {
    const peers = [serverPeer('ada', [publication('microphone', false), publication('camera', true)])];
    const muted = (said: Record<string, Partial<Presence>>) =>
      seen(peers, [member('ada')], said)[0]?.publications.map((each) => each.muted);
    expect(muted({})).toEqual([false, true]);
    expect(muted({ ada: { microphoneOn: false, cameraOn: true } })).toEqual([true, true]);
    expect(muted({ ada: { microphoneOn: true } })).toEqual([false, true]);
  });

  test('another device of the same person is known by the leaves, once this device has one', () => {
    const server = { peers: [serverPeer('ada'), serverPeer('ben')], speakers: [] };
    const self = { ...member('self'), userId: 'user-ada' };
    const members = new Map([member('ada'), member('ben'), self].map((each) => [each.memberId, each]));
    const own = (of: Partial<Members>) =>
      rosterOf(server, { members, presence: new Map(), ...of }).peers.map(({ isOwn }) => isOwn);
    expect(own({ self: self.memberId })).toEqual([true, false]);
    expect(own({})).toEqual([false, false]);
  });

  test('a hand is raised when its owner says so', () => {
    expect(seen([serverPeer('ada')], [member('ada')], { ada: { handRaised: true, recording: true } })).toMatchObject([
      { handRaised: true, recording: true },
    ]);
  });
});

/** `published c1` of a publication, `peer-left ada` of a peer. */
const short = (news: readonly RosterNews[]) =>
  news.map((each) => {
    if (each.kind === 'speakers') return `speakers ${each.speakers}`;
    return `${each.kind} ${'peer' in each ? each.peer.id : each.publication.producerId}`;
  });

describe('news between two snapshots', () => {
  const publication = fc.record({
    producerId: fc.constantFrom('p1', 'p2', 'p3') as fc.Arbitrary<ProducerId>,
    source: fc.constant('camera' as const),
    muted: fc.boolean(),
  });
  const peer = fc.record({
    id: fc.constantFrom('ada', 'bob', 'eve', 'zoe') as fc.Arbitrary<PeerId>,
    memberId: fc.constantFrom('m1', 'm2') as fc.Arbitrary<MemberId>,
    userId: fc.constant('user' as UserId),
    deviceId: fc.constant('device' as DeviceId),
    role: fc.constant('speaker' as const),
    moderator: fc.boolean(),
    displayName: fc.constant('name'),
    trust: fc.constant('new' as const),
    isOwn: fc.constant(false),
    handRaised: fc.constant(false),
    recording: fc.constant(false),
    publications: fc.uniqueArray(publication, { selector: ({ producerId }) => producerId }),
  });
  const peers = fc.uniqueArray(peer, { selector: ({ id }) => id });
  const roster = (all: readonly RosterPeer[]): Roster => ({ ...EMPTY_ROSTER, peers: all });

  /** One line per peer and publication, so that order does not count. */
  const lines = (all: readonly RosterPeer[]) =>
    all.flatMap(({ id, publications }) => [id, ...publications.map((each) => line(id, each))]).sort();
  const line = (peerId: PeerId, { producerId, muted }: Publication) => `${peerId} ${producerId} ${muted}`;

  test('who follows them has the second snapshot', () => {
    fc.assert(
      fc.property(peers, peers, (before, after) => {
        const known = new Set(lines(before));
        for (const news of newsBetween(roster(before), roster(after))) {
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
        expect(newsBetween(roster(same), structuredClone(roster(same)))).toEqual([]);
      }),
    );
  });

  test('departures come first; whoever is another member now, under the same peer id, has left and come', () => {
    const snapshot = (...all: readonly [string, string][]): Roster =>
      roster(all.map(([id, memberId]) => rosterPeer(id, memberId)));
    const news = newsBetween(
      snapshot(['p1', 'ada'], ['p2', 'ben']),
      snapshot(['p1', 'ben'], ['p2', 'ben'], ['p3', 'eve']),
    );
    expect(short(news)).toEqual([
      'unpublished c-p1',
      'peer-left p1',
      'peer-joined p1',
      'published c-p1',
      'peer-joined p3',
      'published c-p3',
    ]);
  });

  test('speakers are news when they change', () => {
    const speaking: Roster = { ...EMPTY_ROSTER, speakers: ['p1' as PeerId] };
    expect(newsBetween(EMPTY_ROSTER, speaking)).toEqual([{ kind: 'speakers', speakers: ['p1'] }]);
    expect(newsBetween(speaking, speaking)).toEqual([]);
  });
});
