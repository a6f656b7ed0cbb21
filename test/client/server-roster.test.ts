import { describe, expect, test } from 'vitest';
import type { DeviceId, MemberId, PeerId, ProducerId, UserId } from '../../src/base/index.ts';
import { isRosterFact, type RosterFact, rosterAfter, rosterJoined } from '../../src/client/server-roster.ts';
import type { WirePeer, WireProducer } from '../../src/wire/index.ts';

const producer = (id: string, paused = false): WireProducer => ({ id: id as ProducerId, source: 'camera', paused });
const wirePeer = (id: string, ...producers: readonly WireProducer[]): WirePeer => ({
  id: id as PeerId,
  role: 'speaker',
  moderator: false,
  memberId: `member-${id}` as MemberId,
  userId: `user-${id}` as UserId,
  deviceId: `device-${id}` as DeviceId,
  producers: [...producers],
});
const fact = <Case extends RosterFact['case']>(
  name: Case,
  value: Extract<RosterFact, { readonly case: Case }>['value'],
) => ({ case: name, value }) as RosterFact;
const ids = (...names: readonly string[]) => names as PeerId[];

const before = rosterJoined([wirePeer('ada', producer('c1')), wirePeer('bob', producer('c2', true))]);

/** `ada c1, bob c2 muted`. */
const short = ({ peers }: typeof before) =>
  peers
    .map(({ id, publications }) =>
      [id, ...publications.map(({ producerId, muted }) => `${producerId}${muted ? ' muted' : ''}`)].join(' '),
    )
    .join(', ');

describe("the server's roster after a fact", () => {
  test.each<[string, RosterFact, string]>([
    [
      'somebody came with a camera',
      fact('peerJoined', { peer: wirePeer('aaron', producer('c3')) }),
      'ada c1, bob c2 muted, aaron c3',
    ],
    ['somebody came twice', fact('peerJoined', { peer: wirePeer('ada') }), 'bob c2 muted, ada'],
    ['somebody left', fact('peerLeft', { peerId: 'ada' as PeerId }), 'bob c2 muted'],
    [
      'a screen was published',
      fact('producerOpened', { peerId: 'ada' as PeerId, producer: producer('s1') }),
      'ada c1 s1, bob c2 muted',
    ],
    ['a camera was closed', fact('producerClosed', { producerId: 'c1' as ProducerId }), 'ada, bob c2 muted'],
    ['muted', fact('producerPaused', { producerId: 'c1' as ProducerId }), 'ada c1 muted, bob c2 muted'],
    ['unmuted', fact('producerResumed', { producerId: 'c2' as ProducerId }), 'ada c1, bob c2'],
  ])('%s', (_, happened, after) => {
    const copy = structuredClone(before);
    expect(short(rosterAfter(before, happened))).toBe(after);
    expect(before).toEqual(copy);
  });

  test('speakers', () => {
    expect(rosterAfter(before, fact('speakersChanged', { peerIds: ids('bob', 'ada') })).speakers).toEqual(
      ids('bob', 'ada'),
    );
  });

  test.each<[string, RosterFact]>([
    ['a peer', fact('peerLeft', { peerId: 'eve' as PeerId })],
    ['a publisher', fact('producerOpened', { peerId: 'eve' as PeerId, producer: producer('c3') })],
    ['a producer that closed', fact('producerClosed', { producerId: 'c3' as ProducerId })],
    ['a producer that paused', fact('producerPaused', { producerId: 'c3' as ProducerId })],
  ])('a fact about somebody unknown changes nothing: %s', (_, happened) => {
    expect(rosterAfter(before, happened)).toEqual(before);
  });

  test('seven facts are about the roster, the others are not', () => {
    expect(isRosterFact(fact('peerLeft', { peerId: 'ada' as PeerId }))).toBe(true);
    expect(isRosterFact({ case: 'mediaLost', value: {} })).toBe(false);
  });
});
