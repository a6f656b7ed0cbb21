import { afterEach, describe, expect, test } from 'vitest';
import type { CallError, DeviceId, MemberId, RoomId, UserId } from '../../src/base/index.ts';
import type { PeerFact, Sfu } from '../../src/sfu/index.ts';
import { joinPeer, openSfu, ROOMY } from '../support/open-sfu.ts';
import { dtlsParameters, opusRtpParameters, simulcastRtpParameters } from '../support/rtp-fixtures.ts';
import { until } from '../support/until.ts';
import { WorkerObjects } from '../support/worker-objects.ts';

const objects = new WorkerObjects();
let sfu: Sfu;
afterEach(() => sfu.close());

const refusal = (code: CallError['code']) => expect.objectContaining({ name: 'CallError', code });

const nothing = { rooms: 0, peers: 0, transports: 0, producers: 0, consumers: 0 };
const counts = () => {
  const { rooms, peers, transports, producers, consumers } = sfu.load;
  return { rooms, peers, transports, producers, consumers };
};
const isEmpty = () => Object.values(counts()).every((count) => count === 0);

/** What the worker itself says that it holds. */
async function routersInWorker(): Promise<number> {
  const dumps = await Promise.all(objects.workers.filter(({ closed }) => !closed).map((worker) => worker.dump()));
  return dumps.flatMap(({ routerIds }) => routerIds).length;
}

const ADA = {
  userId: 'u-ada' as UserId,
  deviceId: 'd-ada' as DeviceId,
  memberId: 'm-ada' as MemberId,
  role: 'speaker' as const,
  moderator: true,
};
const BOB = {
  userId: 'u-bob' as UserId,
  deviceId: 'd-bob' as DeviceId,
  memberId: 'm-bob' as MemberId,
  role: 'speaker' as const,
  moderator: false,
};

describe('joining', () => {
  test('gives two transports with a UDP and a TCP candidate each on the announced address, UDP first', async () => {
    sfu = await openSfu({ announcedAddress: '192.0.2.7' });
    const { peer } = await joinPeer(sfu, 'room');
    expect(peer.sendTransport?.id).not.toBe(peer.recvTransport.id);
    for (const transport of [peer.sendTransport, peer.recvTransport]) {
      const { iceCandidates, dtlsParameters: dtls } = transport ?? {};
      const [port] = sfu.workerPorts;
      expect(iceCandidates).toMatchObject([
        { address: '192.0.2.7', port, protocol: 'udp' },
        { address: '192.0.2.7', port, protocol: 'tcp', tcpType: 'passive' },
      ]);
      expect(iceCandidates?.[0]?.priority).toBeGreaterThan(iceCandidates?.[1]?.priority ?? 0);
      expect(dtls?.fingerprints.length).toBeGreaterThan(0);
    }
  });

  test('gives a roster of the others and tells them once', async () => {
    sfu = await openSfu();
    const ada = await joinPeer(sfu, 'room', ADA);
    const microphone = await ada.peer.produce('microphone', opusRtpParameters(), { paused: true });
    const bob = await joinPeer(sfu, 'room', BOB);
    expect(ada.peer.roster).toEqual([]);
    expect(bob.peer.roster).toEqual([
      {
        id: ada.id,
        ...ADA,
        producers: [{ id: microphone, source: 'microphone', paused: true }],
      },
    ]);
    expect(ada.facts).toEqual([{ case: 'peerJoined', value: { peer: { id: bob.id, ...BOB, producers: [] } } }]);
    expect(bob.facts).toEqual([]);
  });

  test('tells the whole room the same object', async () => {
    sfu = await openSfu();
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    await joinPeer(sfu, 'room');
    expect(ada.facts.at(-1)?.case).toBe('peerJoined');
    expect(ada.facts.at(-1)).toBe(bob.facts.at(-1));
  });

  test('shares one router among those who come first together, each in the roster of later ones exactly once', async () => {
    sfu = await openSfu({ workers: 2 });
    const routersBefore = objects.routers.length;
    const peers = await Promise.all(Array.from({ length: 8 }, () => joinPeer(sfu, 'room')));
    expect(objects.routers.length - routersBefore).toBe(1);
    expect(counts()).toMatchObject({ rooms: 1, peers: 8, transports: 16 });
    for (const { id, peer, told } of peers) {
      const known = [...peer.roster, ...told('peerJoined').map((fact) => fact.peer)].map((entry) => entry.id);
      expect(known.toSorted()).toEqual(
        peers
          .map((each) => each.id)
          .filter((other) => other !== id)
          .toSorted(),
      );
    }
  });

  test('spreads rooms that open at the same moment over the workers', async () => {
    sfu = await openSfu({ workers: 2 });
    const joined = await Promise.all(['a', 'b', 'c', 'd'].map((room) => joinPeer(sfu, room)));
    const ports = joined.map(({ peer }) => peer.recvTransport.iceCandidates[0]?.port);
    expect(ports.toSorted()).toEqual([...sfu.workerPorts, ...sfu.workerPorts].toSorted());
  });

  test('rooms are told nothing of each other', async () => {
    sfu = await openSfu();
    const ada = await joinPeer(sfu, 'one');
    const bob = await joinPeer(sfu, 'two');
    bob.peer.leave();
    expect(ada.facts).toEqual([]);
  });

  test('is refused with capabilities that make no sense, and leaves nothing behind', async () => {
    sfu = await openSfu();
    const rtpCapabilities = {
      codecs: [{ kind: 'audio', mimeType: 'nonsense', clockRate: 48_000, preferredPayloadType: 1 }],
    };
    await expect(joinPeer(sfu, 'room', { rtpCapabilities } as never)).rejects.toEqual(refusal('invalid'));
    expect(counts()).toEqual(nothing);
  });
});

describe('leaving', () => {
  test('frees everything that the peer had, here and in the worker, and tells the others once', async () => {
    sfu = await openSfu();
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    await ada.peer.produce('microphone', opusRtpParameters(), { paused: false });
    await ada.peer.produce('camera', simulcastRtpParameters(), { paused: false });
    bob.peer.setView({ tiles: [{ peerId: ada.id, source: 'camera', heightPx: 180, priority: 1 }], hears: true });
    await until('two consumers', () => bob.told('consumerOpened').length === 2);
    expect(counts()).toEqual({ rooms: 1, peers: 2, transports: 4, producers: 2, consumers: 2 });

    ada.peer.leave();
    ada.peer.leave();
    expect(bob.told('peerLeft')).toEqual([{ peerId: ada.id }]);
    await until('the others keep theirs', () => counts().consumers === 0);
    expect(counts()).toEqual({ rooms: 1, peers: 1, transports: 2, producers: 0, consumers: 0 });
    expect(bob.told('consumerClosed')).toEqual([]);
    expect(bob.told('producerClosed')).toEqual([]);

    bob.peer.leave();
    expect(counts()).toEqual(nothing);
    expect(await routersInWorker()).toBe(0);
  });

  test('ends the facts', async () => {
    sfu = await openSfu();
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    bob.peer.leave();
    const before = bob.facts.length;
    await ada.peer.produce('microphone', opusRtpParameters(), { paused: false });
    await joinPeer(sfu, 'room');
    expect(bob.facts.length).toBe(before);
  });

  test('makes every later request out of order, and those under way too', async () => {
    sfu = await openSfu();
    const { peer } = await joinPeer(sfu, 'room');
    await joinPeer(sfu, 'room');
    const underWay = [
      peer.connectTransport('send', dtlsParameters()),
      peer.restartIce('recv'),
      peer.produce('microphone', opusRtpParameters('0'), { paused: false }),
      peer.produce('camera', simulcastRtpParameters('1'), { paused: false }),
    ];
    peer.setView({ tiles: [], hears: true });
    peer.leave();
    for (const outcome of await Promise.allSettled(underWay)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: refusal('out-of-order') });
    }
    await expect(peer.restartIce('send')).rejects.toEqual(refusal('out-of-order'));
    expect(() => peer.setView({ tiles: [], hears: true })).toThrow(refusal('out-of-order'));
    await until('only the other is left', () => counts().producers === 0 && counts().transports === 2);
  });

  test('a room that everybody left can be joined again at once', async () => {
    sfu = await openSfu();
    const first = await joinPeer(sfu, 'room');
    first.peer.leave();
    const second = await joinPeer(sfu, 'room');
    expect(second.peer.roster).toEqual([]);
    expect(counts()).toMatchObject({ rooms: 1, peers: 1, transports: 2 });
  });

  test('the last one leaving while another is on the way in keeps the room', async () => {
    sfu = await openSfu();
    const first = await joinPeer(sfu, 'room');
    const routersBefore = objects.routers.length;
    const joining = joinPeer(sfu, 'room');
    first.peer.leave();
    await joining;
    expect(objects.routers.length).toBe(routersBefore);
    expect(counts()).toMatchObject({ rooms: 1, peers: 1, transports: 2 });
  });

  test('100 peers that come, publish, look and go in any order leave nothing', async () => {
    sfu = await openSfu({ workers: 2 });
    const lives = Array.from({ length: 100 }, async (_, at) => {
      const { peer } = await joinPeer(sfu, `room-${at % 5}`);
      const producing = peer.produce('camera', simulcastRtpParameters(), { paused: false });
      const tiles = peer.roster.map(({ id }) => ({
        peerId: id,
        source: 'camera' as const,
        heightPx: 180,
        priority: 1,
      }));
      peer.setView({ tiles, hears: at % 2 === 0 });
      if (at % 3 > 0) await producing.catch(() => undefined);
      peer.leave();
      await producing.catch(() => undefined);
    });
    await Promise.all(lives);
    await until('all counts are zero', isEmpty);
    expect(await routersInWorker()).toBe(0);
  });
});

describe('limits', () => {
  test('a full room refuses, and takes one when one has left', async () => {
    sfu = await openSfu({ limits: { ...ROOMY, maxRooms: 10, maxPeers: 10, maxPeersPerRoom: 2 } });
    const [ada] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    await expect(joinPeer(sfu, 'room')).rejects.toEqual(refusal('room-full'));
    await joinPeer(sfu, 'other');
    ada.peer.leave();
    await joinPeer(sfu, 'room');
  });

  test('those who come together do not slip past the limit', async () => {
    sfu = await openSfu({ limits: { ...ROOMY, maxRooms: 10, maxPeers: 10, maxPeersPerRoom: 3 } });
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => joinPeer(sfu, 'room')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(3);
    expect(counts()).toMatchObject({ peers: 3, transports: 6 });
  });

  test('a full server refuses peers and rooms', async () => {
    sfu = await openSfu({ limits: { ...ROOMY, maxRooms: 2, maxPeers: 3, maxPeersPerRoom: 10 } });
    await joinPeer(sfu, 'one');
    await joinPeer(sfu, 'two');
    await expect(joinPeer(sfu, 'three')).rejects.toEqual(refusal('server-full'));
    const last = await joinPeer(sfu, 'one');
    await expect(joinPeer(sfu, 'one')).rejects.toEqual(refusal('server-full'));
    expect(counts()).toMatchObject({ rooms: 2, peers: 3 });
    last.peer.leave();
    await joinPeer(sfu, 'one');
  });
});

describe('closing the server', () => {
  test('ends peers without a word, refuses joins, those under way too, and ends the workers', async () => {
    sfu = await openSfu();
    const workers = objects.workers.filter(({ closed }) => !closed);
    const { peer, facts } = await joinPeer(sfu, 'room');
    const joining = joinPeer(sfu, 'room');
    const opening = joinPeer(sfu, 'other');
    sfu.close();
    sfu.close();
    await expect(joining).rejects.toEqual(refusal('unavailable'));
    await expect(opening).rejects.toEqual(refusal('unavailable'));
    await expect(joinPeer(sfu, 'room')).rejects.toEqual(refusal('unavailable'));
    await expect(peer.restartIce('send')).rejects.toEqual(refusal('shutting-down'));
    expect(facts.map((fact: PeerFact) => fact.case)).toEqual([]);
    expect(counts()).toEqual(nothing);
    for (const worker of workers) await until('the worker ended', () => worker.subprocessClosed);
  });
});

test('what the server says it routes is what its routers route, on every worker', async () => {
  sfu = await openSfu({ workers: 2 });
  const routersBefore = objects.routers.length;
  await Promise.all(['a' as RoomId, 'b' as RoomId].map((room) => joinPeer(sfu, room)));
  const routers = objects.routers.slice(routersBefore);
  expect(routers.length).toBe(2);
  for (const router of routers) expect(router.rtpCapabilities).toEqual(sfu.routerRtpCapabilities);
  const codecs = (sfu.routerRtpCapabilities.codecs ?? []).map((codec) => [codec.mimeType, codec.preferredPayloadType]);
  expect(codecs).toEqual([
    ['audio/opus', 100],
    ['video/VP8', 101],
    ['video/rtx', 102],
    ['video/VP9', 103],
    ['video/rtx', 104],
  ]);
});
