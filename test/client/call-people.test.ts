import { describe, expect, test } from 'vitest';
import type { DeviceId, MemberId, PeerId, ProducerId, UserId } from '../../src/base/index.ts';
import { CallPeople } from '../../src/client/call-people.ts';
import type { Downlink } from '../../src/client/downlink.ts';
import type { CallMember } from '../../src/client/roster.ts';
import type { ServerMessage, WirePeer } from '../../src/wire/index.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';

const p1 = 'p1' as PeerId;
const wirePeer = (name: string): WirePeer => ({
  id: p1,
  role: 'speaker',
  moderator: false,
  memberId: name as MemberId,
  userId: name as UserId,
  deviceId: 'phone' as DeviceId,
  producers: [{ id: 'camera-1' as ProducerId, source: 'camera', paused: false }],
});
const members = (...names: readonly string[]) => ({
  members: new Map(
    names.map((name): [MemberId, CallMember] => [
      name as MemberId,
      { memberId: name as MemberId, userId: name, deviceId: 'phone', name, trust: 'new' },
    ]),
  ),
  presence: new Map(),
});
const consumerOpened = (consumerId: string) =>
  ({
    case: 'consumerOpened',
    value: { consumerId, producerId: 'camera-1', peerId: p1, source: 'camera', kind: 'video', rtpParameters: {} },
  }) as unknown as ServerMessage;

function open() {
  const told: string[] = [];
  const said: string[] = [];
  const people = new CallPeople({
    screen: { watchPlace: () => () => undefined, show: () => undefined },
    playAudio: () => () => undefined,
    log: recordedLog(),
    tell: (name, ..._) => {
      told.push(name);
    },
  });
  const downlink: Downlink = {
    async consume({ consumerId }, from) {
      said.push(`${consumerId} of ${from}`);
      return { track: {} as MediaStreamTrack, close: () => void said.push(`close ${consumerId}`) };
    },
    ready: () => undefined,
  };
  return { people, told, said, downlink };
}

describe('people', () => {
  test('of the server are nobody until they are members; then they are told, and received from', async () => {
    const { people, told, said, downlink } = open();
    people.joined([wirePeer('ada')], downlink);
    people.told(consumerOpened('c1'));
    await settled();
    expect([people.roster.peers, told, said, [...people.present]]).toEqual([[], ['rosterChanged'], [], ['ada']]);
    people.membersChanged(members('ada'));
    await settled();
    expect(told).toEqual(['rosterChanged', 'rosterChanged', 'peerJoined', 'trackPublished']);
    expect(said).toEqual(['c1 of ada']);
  });

  test('S5: a peer whom the server calls another member later keeps nothing that was received before', async () => {
    const { people, said, downlink } = open();
    people.membersChanged(members('ada', 'ben'));
    people.joined([wirePeer('ada')], downlink);
    people.told(consumerOpened('c1'));
    await settled();
    const track = people.track(p1, 'camera');
    people.told({ case: 'peerJoined', value: { peer: wirePeer('ben') } });
    expect(people.roster.peers.map(({ displayName }) => displayName)).toEqual(['ben']);
    expect([said, track?.mediaStreamTrack]).toEqual([['c1 of ada', 'close c1'], undefined]);
    expect(people.track(p1, 'camera')).not.toBe(track);
  });

  test('are users as their leaf says; who is no member is none', () => {
    const { people, downlink } = open();
    people.joined([wirePeer('ada')], downlink);
    expect(people.userOf(p1)).toBeUndefined();
    people.membersChanged(members('ada'));
    expect([people.userOf(p1), people.userOf('p2' as PeerId)]).toEqual(['ada', undefined]);
  });

  test('stay while the path is lost', () => {
    const { people, downlink } = open();
    people.membersChanged(members('ada'));
    people.joined([wirePeer('ada')], downlink);
    people.bind(undefined);
    expect(people.roster.peers).toHaveLength(1);
  });
});
