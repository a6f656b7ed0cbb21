import { afterEach, describe, expect, test } from 'vitest';
import type { Sfu, View } from '../../src/sfu/index.ts';
import { bentClock } from '../support/bent-clock.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type JoinedPeer, joinPeer, openSfu } from '../support/open-sfu.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { opusRtpParameters, simulcastRtpParameters } from '../support/rtp-fixtures.ts';
import { until } from '../support/until.ts';
import { WorkerObjects } from '../support/worker-objects.ts';

const objects = new WorkerObjects();
let sfu: Sfu;
afterEach(() => sfu.close());

const live = { paused: false };
const portOf = ({ peer }: JoinedPeer) => peer.recvTransport.iceCandidates[0]?.port;
const openRouters = () => objects.routers.filter(({ closed }) => !closed).length;
const nothing: View = { tiles: [], hears: false };
const shows = (peer: JoinedPeer): View => ({
  tiles: [{ peerId: peer.id, source: 'camera', heightPx: 360, priority: 1 }],
  hears: true,
});

/** What everybody receives of whom, by producer. */
const receives = ({ told }: JoinedPeer, producerId: string) => {
  const gone = new Set(told('consumerClosed').map(({ consumerId }) => consumerId));
  return told('consumerOpened').some((each) => each.producerId === producerId && !gone.has(each.consumerId));
};

describe('a room', () => {
  test('stays on one worker while that has space, and goes on another when it has not', async () => {
    sfu = await openSfu({ workers: 2, consumersPerWorker: 30 });
    const ports: (number | undefined)[] = [];
    for (let count = 0; count < 8; count += 1) ports.push(portOf(await joinPeer(sfu, 'room')));
    const [first] = ports;
    expect(ports.map((port) => port === first)).toEqual([true, true, true, false, false, false, true, false]);
    expect(openRouters()).toBe(2);
  });

  test('of people who come at the same moment spreads in the same way', async () => {
    sfu = await openSfu({ workers: 2, consumersPerWorker: 30 });
    const peers = await Promise.all(Array.from({ length: 8 }, () => joinPeer(sfu, 'room')));
    const first = peers.filter((peer) => portOf(peer) === portOf(peers[0] as JoinedPeer));
    expect(first.length).toBe(4);
    expect(openRouters()).toBe(2);
    for (const { peer, told } of peers) expect(peer.roster.length + told('peerJoined').length).toBe(7);
  });

  test('leaves a worker with the last of its peers there, and comes back', async () => {
    sfu = await openSfu({ workers: 2, consumersPerWorker: 1 });
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    expect(portOf(ada)).not.toBe(portOf(bob));
    expect(openRouters()).toBe(2);
    ada.peer.leave();
    expect(openRouters()).toBe(1);
    expect(portOf(await joinPeer(sfu, 'room'))).toBe(portOf(ada));
    expect(openRouters()).toBe(2);
  });
});

describe('who watches somebody on another worker', () => {
  test('shares one pipe with all who do so there; it goes when none of them has for a while, and comes again', async () => {
    sfu = await openSfu({ workers: 2, consumersPerWorker: 1, clock: bentClock({ 10000: 300 }) });
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    const [cleo, dan] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    expect([ada, bob, cleo, dan].map((peer) => portOf(peer) === portOf(ada))).toEqual([true, false, true, false]);
    const camera = await ada.peer.produce('camera', simulcastRtpParameters(), live);
    const microphone = await ada.peer.produce('microphone', opusRtpParameters(), live);
    expect(sfu.load.pipes).toBe(0);

    cleo.peer.setView(shows(ada));
    await until('Cleo receives at home', () => receives(cleo, camera) && receives(cleo, microphone));
    expect(sfu.load.pipes).toBe(0);

    for (const { peer } of [bob, dan]) peer.setView(shows(ada));
    await until('Bob and Dan receive', () =>
      [bob, dan].every((each) => receives(each, camera) && receives(each, microphone)),
    );
    expect(sfu.load).toMatchObject({ pipes: 2, producers: 2, consumers: 6, transports: 8, peers: 4 });

    bob.peer.setView(nothing);
    cleo.peer.setView(nothing);
    await until('only Dan receives', () => sfu.load.consumers === 2);
    dan.peer.leave();
    await until('the pipes are gone', () => sfu.load.pipes === 0);

    bob.peer.setView(shows(ada));
    await until('Bob receives again', () => receives(bob, camera) && receives(bob, microphone));
    expect(sfu.load.pipes).toBe(2);
    ada.peer.closeProducer(camera);
    await until('a pipe goes with its producer', () => sfu.load.pipes === 1);
    ada.peer.leave();
    await until('and with its peer', () => sfu.load.pipes === 0);
  });

  test('waits for a worker that hangs, and for nobody else meanwhile', async () => {
    const log = recordedLog();
    // Time stands still, so that the watchdog does not end what hangs.
    sfu = await openSfu({ workers: 2, consumersPerWorker: 1, log, clock: new FakeClock() });
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    const [cleo, dan] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    expect([ada, bob, cleo, dan].map((peer) => portOf(peer) === portOf(ada))).toEqual([true, false, true, false]);
    const [far, near] = [
      await ada.peer.produce('camera', simulcastRtpParameters(), live),
      await dan.peer.produce('camera', simulcastRtpParameters(), live),
    ];
    const started = log.lines.find(({ event, fields }) => event === 'worker started' && fields.port === portOf(ada));
    const pid = started?.fields.worker ?? Number.NaN;
    process.kill(pid, 'SIGSTOP');
    try {
      bob.peer.setView({ tiles: [...shows(ada).tiles, ...shows(dan).tiles], hears: true });
      await until('Bob receives Dan', () => receives(bob, near));
      expect(receives(bob, far)).toBe(false);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await until('and Ada when her worker goes on', () => receives(bob, far));
    expect(sfu.load.workerDeaths).toBe(0);
  });
});
