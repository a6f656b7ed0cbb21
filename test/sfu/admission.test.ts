import { afterEach, describe, expect, test } from 'vitest';
import type { CallError } from '../../src/base/index.ts';
import type { Sfu } from '../../src/sfu/index.ts';
import { joinPeer, openSfu, ROOMY } from '../support/open-sfu.ts';
import { dtlsParameters, opusRtpParameters, simulcastRtpParameters } from '../support/rtp-fixtures.ts';
import { until } from '../support/until.ts';
import { WorkerObjects } from '../support/worker-objects.ts';

const objects = new WorkerObjects();

let sfu: Sfu;
afterEach(() => sfu.close());

const refusal = (code: CallError['code']) => expect.objectContaining({ name: 'CallError', code });
const NEXT = 'https://other.example';
const full = expect.objectContaining({ code: 'server-full', retryable: true, nextServer: NEXT });

describe('a server that is full', () => {
  test('refuses new rooms and says where to go, takes peers in those that run, and opens again when there is space', async () => {
    sfu = await openSfu({ consumersPerWorker: 2, nextServer: NEXT, limits: { ...ROOMY, maxLoad: 0.85 } });
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    expect(sfu.loadRatio).toBeLessThan(0.85);
    await ada.peer.produce('camera', simulcastRtpParameters('1'), { paused: false });
    await ada.peer.produce('microphone', opusRtpParameters('0'), { paused: false });
    bob.peer.setView({ tiles: [{ peerId: ada.id, source: 'camera', heightPx: 360, priority: 1 }], hears: true });
    await until('it is full', () => sfu.loadRatio === 1);
    await expect(joinPeer(sfu, 'other')).rejects.toEqual(full);
    await joinPeer(sfu, 'room');
    expect(sfu.load.rooms).toBe(1);

    bob.peer.setView({ tiles: [], hears: false });
    await until('it has space', () => joinPeer(sfu, 'other').catch(() => undefined));
    expect(sfu.loadRatio).toBeLessThan(0.85);
  });

  test('by its number of rooms or peers says so too, for new rooms; a peer of a room that runs has nowhere else to go', async () => {
    sfu = await openSfu({ nextServer: NEXT, limits: { ...ROOMY, maxRooms: 1, maxPeers: 2 } });
    await joinPeer(sfu, 'room');
    await expect(joinPeer(sfu, 'other')).rejects.toEqual(full);
    await joinPeer(sfu, 'room');
    await expect(joinPeer(sfu, 'room')).rejects.toMatchObject({ code: 'server-full', nextServer: undefined });
  });

  test('measures what its workers do', async () => {
    sfu = await openSfu();
    await until('CPU time is seen', () => sfu.loadRatio > 0);
    expect(sfu.loadRatio).toBeLessThanOrEqual(1);
  });
});

describe('a listener', () => {
  const listener = { role: 'listener' as const };

  test('receives, and has no way to send', async () => {
    sfu = await openSfu();
    const ada = await joinPeer(sfu, 'room');
    const bob = await joinPeer(sfu, 'room', listener);
    expect(ada.told('peerJoined')[0]?.peer.role).toBe('listener');
    expect(bob.peer.sendTransport).toBeUndefined();
    expect(sfu.load.transports).toBe(3);
    const camera = await ada.peer.produce('camera', simulcastRtpParameters(), { paused: false });
    bob.peer.setView({ tiles: [{ peerId: ada.id, source: 'camera', heightPx: 360, priority: 1 }], hears: true });
    await until('it receives', () => bob.told('consumerOpened')[0]?.producerId === camera);
    await bob.peer.connectTransport('recv', dtlsParameters());

    const forbidden = refusal('forbidden');
    await expect(bob.peer.connectTransport('send', dtlsParameters())).rejects.toEqual(forbidden);
    await expect(bob.peer.restartIce('send')).rejects.toEqual(forbidden);
    await expect(bob.peer.produce('microphone', opusRtpParameters(), { paused: false })).rejects.toEqual(forbidden);
    expect(() => bob.peer.beginsToSpeak()).toThrow(forbidden);
    expect(ada.told('producerOpened')).toEqual([]);
  });

  test('takes no seat of those who may speak, and there are so many and no more', async () => {
    sfu = await openSfu({ limits: { ...ROOMY, maxPeersPerRoom: 1, maxListenersPerRoom: 2 } });
    const [first] = [await joinPeer(sfu, 'room', listener), await joinPeer(sfu, 'room', listener)];
    await expect(joinPeer(sfu, 'room', listener)).rejects.toEqual(refusal('room-full'));
    const speaker = await joinPeer(sfu, 'room');
    await expect(joinPeer(sfu, 'room')).rejects.toEqual(refusal('room-full'));
    first.peer.leave();
    await joinPeer(sfu, 'room', listener);
    speaker.peer.leave();
    expect(sfu.load).toMatchObject({ rooms: 1, peers: 2 });
  });

  test('counts among all peers', async () => {
    sfu = await openSfu({ limits: { ...ROOMY, maxPeers: 1 } });
    await joinPeer(sfu, 'room', listener);
    await expect(joinPeer(sfu, 'room')).rejects.toEqual(refusal('server-full'));
  });

  test('is moved without a way to send', async () => {
    sfu = await openSfu();
    const { peer, told } = await joinPeer(sfu, 'room', listener);
    process.kill(objects.workers.at(-1)?.pid ?? 0, 'SIGKILL');
    await until('moved', () => told('mediaMoved').length === 1);
    expect(told('mediaMoved')[0]).toEqual({ recvTransport: expect.objectContaining({ id: expect.any(String) }) });
    expect(told('mediaMoved')[0]?.recvTransport.id).not.toBe(peer.recvTransport.id);
    expect(sfu.load.transports).toBe(1);
  });
});
