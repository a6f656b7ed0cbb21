import { afterEach, describe, expect, test } from 'vitest';
import type { MediaPaths, PeerFact, Sfu, SfuOptions, Source, Tile } from '../../src/sfu/index.ts';
import { bentClock } from '../support/bent-clock.ts';
import { type JoinedPeer, joinPeer, openSfu } from '../support/open-sfu.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { dtlsParameters, opusRtpParameters, simulcastRtpParameters } from '../support/rtp-fixtures.ts';
import { TestStream } from '../support/test-stream.ts';
import { until } from '../support/until.ts';
import { WorkerObjects } from '../support/worker-objects.ts';

const objects = new WorkerObjects();
let sfu: Sfu;
afterEach(() => sfu.close());

/** A dead worker is replaced at once, so that nobody would see what happens until then. */
const slowRestart = { workers: 1, clock: bentClock({ 0: 500 }) };

const live = { paused: false };
const mediaLost = expect.objectContaining({ name: 'CallError', code: 'media-lost', retryable: true });

/** Peers spread: each worker counts as full with anything on it. */
async function openSpread(options: Partial<SfuOptions> = {}) {
  const log = recordedLog();
  sfu = await openSfu({ workers: 2, consumersPerWorker: 1, log, ...options });
  const pidOn = (port: number | undefined) =>
    log.lines.findLast(({ event, fields }) => event === 'worker started' && fields.port === port)?.fields.worker ?? 0;
  return { log, kill: (peer: JoinedPeer, signal: NodeJS.Signals) => process.kill(pidOn(portOf(peer)), signal) };
}

const portIn = ({ recvTransport }: Pick<MediaPaths, 'recvTransport'>) => recvTransport.iceCandidates[0]?.port;
const portOf = ({ peer, told }: JoinedPeer) => portIn(told('mediaMoved').at(-1) ?? peer);
const tile = (peer: JoinedPeer, source: Source = 'camera'): Tile => ({
  peerId: peer.id,
  source,
  heightPx: 360,
  priority: 1,
});
const names = (facts: readonly PeerFact[]) => facts.map((fact) => fact.case);
const moved = (...peers: JoinedPeer[]) =>
  until('moved', () => peers.every(({ told }) => told('mediaMoved').length > 0));
const openedOf = (peer: JoinedPeer, producerId: string) =>
  peer.told('consumerOpened').filter((consumer) => consumer.producerId === producerId);
const counts = () => {
  const { peers, transports, producers, consumers, pipes } = sfu.load;
  return { peers, transports, producers, consumers, pipes };
};

/** Two on each worker, all of them with a camera, all looking at all and hearing. */
async function fourPeers(room: string) {
  const peers: JoinedPeer[] = [];
  for (let at = 0; at < 4; at += 1) peers.push(await joinPeer(sfu, room));
  const cameras: string[] = [];
  for (const { peer } of peers) cameras.push(await peer.produce('camera', simulcastRtpParameters('1'), live));
  const microphone = await peers[0]?.peer.produce('microphone', opusRtpParameters('0'), { paused: true });
  const lookAt = (each: JoinedPeer) => peers.filter((other) => other !== each).map((other) => tile(other));
  for (const each of peers) each.peer.setView({ tiles: lookAt(each), hears: true });
  await until('everybody receives everybody', () => sfu.load.consumers === 4 * 3 + 3);
  const [ada, bob, cleo, dan] = peers;
  if (!ada || !bob || !cleo || !dan || !microphone) throw new Error('four');
  return { ada, bob, cleo, dan, peers, cameras, microphone };
}

/** What a browser that came back over another path says: the same camera, other ssrcs and mids. */
const againRtpParameters = () => simulcastRtpParameters('7', ['a', 'b', 'c']);

describe.each([
  ['is killed', 'SIGKILL'],
  ['hangs', 'SIGSTOP'],
] as const)('when one of two workers %s', (_, signal) => {
  test('its peers move, everybody else keeps what flows, and nothing is left over', async () => {
    const { kill } = await openSpread();
    const { ada, bob, cleo, dan, peers, cameras, microphone } = await fourPeers('hit');
    expect(portOf(ada)).toBe(portOf(cleo));
    expect(portOf(bob)).toBe(portOf(dan));
    expect(portOf(ada)).not.toBe(portOf(bob));
    const before = counts();
    expect(before).toEqual({ peers: 4, transports: 8, producers: 5, consumers: 15, pipes: 5 });
    const factsBefore = peers.map(({ facts }) => facts.length);
    const bobWatchesDan = openedOf(bob, cameras[3] ?? '')[0]?.consumerId ?? '';

    const startedMs = performance.now();
    kill(ada, signal);
    await moved(ada, cleo);
    const tookMs = performance.now() - startedMs;
    expect(tookMs).toBeLessThan(10_000);
    for (const each of [ada, cleo]) {
      expect(portOf(each)).toBe(portOf(bob));
      expect(each.told('mediaMoved')[0]?.sendTransport?.id).not.toBe(each.peer.sendTransport?.id);
    }

    // Others: what flowed from Ada and Cleo is closed, and nothing more.
    const gone = ({ told, facts }: JoinedPeer, from: number) => {
      const ids = new Set([cameras[0], cameras[2], microphone]);
      const consumers = told('consumerOpened').filter(({ producerId }) => ids.has(producerId));
      expect(names(facts.slice(from))).toEqual(consumers.map(() => 'consumerClosed'));
      expect(told('consumerClosed').map(({ consumerId }) => consumerId)).toEqual(
        expect.arrayContaining(consumers.map(({ consumerId }) => consumerId)),
      );
    };
    gone(bob, factsBefore[1] ?? 0);
    gone(dan, factsBefore[3] ?? 0);
    expect(objects.consumer(bobWatchesDan).closed).toBe(false);

    // The view of who moved is served as soon as the paths stand.
    await until('Ada sees Bob and Dan', () => openedOf(ada, cameras[1] ?? '').length === 2);
    const [first] = names(ada.facts.slice(factsBefore[0]));
    expect(first).toBe('mediaMoved');
    await ada.peer.connectTransport('recv', dtlsParameters());

    // What crossed the news on its way, and was meant for the paths that are gone, does no harm to the new ones.
    const { sendTransport, recvTransport } = ada.peer;
    const crossed = [
      ada.peer.connectTransport('recv', dtlsParameters(), recvTransport.id),
      ada.peer.restartIce('send', sendTransport?.id),
      ada.peer.produce('camera', againRtpParameters(), {
        ...live,
        ...(sendTransport && { transportId: sendTransport.id }),
      }),
    ];
    for (const request of crossed) await expect(request).rejects.toMatchObject({ code: 'media-lost' });

    // Published again: the same ids, and nobody but the consumers hears of it.
    const bobFacts = bob.facts.length;
    expect(await ada.peer.produce('camera', againRtpParameters(), live)).toBe(cameras[0]);
    expect(await ada.peer.produce('microphone', opusRtpParameters('8'), { paused: true })).toBe(microphone);
    expect(await cleo.peer.produce('camera', againRtpParameters(), live)).toBe(cameras[2]);
    await until('as before', () => sfu.load.consumers === before.consumers);
    expect(names(bob.facts.slice(bobFacts))).toEqual(['consumerOpened', 'consumerOpened', 'consumerOpened']);
    await expect(ada.peer.produce('camera', againRtpParameters(), live)).rejects.toMatchObject({ code: 'forbidden' });

    expect(counts()).toEqual({ ...before, pipes: 0 });
    await until('the worker is replaced', () => sfu.load.workers === 2);
    const newcomer = await joinPeer(sfu, 'hit');
    expect(newcomer.peer.roster.map(({ id }) => id)).toEqual(peers.map(({ id }) => id));
    expect(newcomer.peer.roster[0]?.producers).toEqual([
      { id: cameras[0], source: 'camera', paused: false },
      { id: microphone, source: 'microphone', paused: true },
    ]);
    newcomer.peer.setView({ tiles: [tile(ada)], hears: false });
    await until('the newcomer sees Ada, through a pipe', () => openedOf(newcomer, cameras[0] ?? '').length === 1);
    expect(sfu.load.pipes).toBe(1);
    for (const { peer } of [...peers, newcomer]) peer.leave();
    await until('nothing is left', () => Object.values(counts()).every((count) => count === 0));
    expect(sfu.load.rooms).toBe(0);
    expect(objects.transports.filter(({ closed }) => !closed)).toEqual([]);
  });

  test('another room on the other one loses no packet', async () => {
    const { kill } = await openSpread();
    const [ada, bob] = [await joinPeer(sfu, 'hit'), await joinPeer(sfu, 'hit')];
    const eve = await joinPeer(sfu, 'spared');
    const router = objects.routers.at(-1);
    if (!router) throw new Error('no router');
    const stream = await TestStream.open(router);
    await until('it flows', () => stream.sent > 20);
    kill(portOf(eve) === portOf(bob) ? ada : bob, signal);
    await until('somebody moved', () => [ada, bob].some(({ told }) => told('mediaMoved').length === 1));
    const sentThen = stream.sent;
    await until('it flowed on', () => stream.sent > sentThen + 50);
    expect(await stream.lost()).toBe(0);
    expect(eve.facts).toEqual([]);
  });
});

describe('when the only worker is killed', () => {
  test('its peers wait for the replacement, which has the same port; meanwhile requests are refused as media-lost', async () => {
    const { kill } = await openSpread(slowRestart);
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    const camera = await ada.peer.produce('camera', simulcastRtpParameters(), live);
    const died = until('it died', () => sfu.load.workers === 0);
    kill(ada, 'SIGKILL');
    const underWay = [ada.peer.restartIce('send'), ada.peer.produce('screen', simulcastRtpParameters('3'), live)];
    for (const outcome of await Promise.allSettled(underWay))
      expect(outcome).toMatchObject({ status: 'rejected', reason: mediaLost });
    await died;
    await expect(ada.peer.restartIce('recv')).rejects.toEqual(mediaLost);
    await expect(ada.peer.produce('screen', simulcastRtpParameters('3'), live)).rejects.toEqual(mediaLost);
    expect(() => ada.peer.consumerReady('any' as never)).toThrow(mediaLost);
    bob.peer.setView({ tiles: [tile(ada)], hears: true });
    expect(sfu.load).toMatchObject({ rooms: 1, peers: 2, transports: 0 });

    await moved(ada, bob);
    expect([portOf(ada), portOf(bob)]).toEqual([sfu.workerPorts[0], sfu.workerPorts[0]]);
    expect(await ada.peer.produce('camera', againRtpParameters(), live)).toBe(camera);
    await until('the view that was told meanwhile is served', () => openedOf(bob, camera).length === 1);
    await ada.peer.produce('screen', simulcastRtpParameters('3'), live);
    expect(counts()).toEqual({ peers: 2, transports: 4, producers: 2, consumers: 1, pipes: 0 });
  });

  test('who comes in meanwhile waits with them', async () => {
    const { kill } = await openSpread(slowRestart);
    const ada = await joinPeer(sfu, 'room');
    kill(ada, 'SIGKILL');
    await until('it died', () => sfu.load.workers === 0);
    const bob = await joinPeer(sfu, 'room');
    expect(bob.peer.roster.map(({ id }) => id)).toEqual([ada.id]);
    await moved(ada);
    expect(ada.told('peerJoined').length).toBe(1);
  });

  test('who leaves meanwhile has left, and is not moved', async () => {
    const { kill } = await openSpread(slowRestart);
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    kill(ada, 'SIGKILL');
    await until('it died', () => sfu.load.workers === 0);
    ada.peer.leave();
    expect(bob.told('peerLeft')).toEqual([{ peerId: ada.id }]);
    await moved(bob);
    await until('only Bob is there', () => sfu.load.transports === 2);
    expect(sfu.load).toMatchObject({ rooms: 1, peers: 1 });
    expect(names(ada.facts)).toEqual(['peerJoined']);
  });

  test('a room that ends meanwhile is gone', async () => {
    const { kill } = await openSpread(slowRestart);
    const ada = await joinPeer(sfu, 'room');
    kill(ada, 'SIGKILL');
    await until('it died', () => sfu.load.workers === 0);
    ada.peer.leave();
    expect(sfu.load).toMatchObject({ rooms: 0, peers: 0 });
    await until('the worker is replaced', () => sfu.load.workers === 1);
    await joinPeer(sfu, 'room');
    expect(counts()).toMatchObject({ peers: 1, transports: 2 });
  });
});

describe('a peer that moves', () => {
  test('moves again when the worker that it moves to dies too', async () => {
    const { kill } = await openSpread();
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    const camera = await ada.peer.produce('camera', simulcastRtpParameters(), live);
    kill(bob, 'SIGSTOP'); // takes Ada in, and never answers
    kill(ada, 'SIGKILL');
    await until('Ada is on the way to it', () => sfu.load.workerDeaths === 1);
    await moved(ada, bob);
    expect(sfu.load.workerDeaths).toBe(2);
    expect(await ada.peer.produce('camera', againRtpParameters(), live)).toBe(camera);
    expect(ada.told('mediaMoved').length).toBe(1);
    expect([ada, bob].flatMap(({ told }) => told('mediaLost'))).toEqual([]);
    await until('two workers', () => sfu.load.workers === 2);
    expect(counts()).toEqual({ peers: 2, transports: 4, producers: 1, consumers: 0, pipes: 0 });
  });

  test('and does not publish again in time has stopped publishing; what it muted or closed meanwhile stays so', async () => {
    const { kill } = await openSpread({ workers: 1, clock: bentClock({ 0: 500, 10000: 300 }) });
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    const camera = await ada.peer.produce('camera', simulcastRtpParameters('1'), live);
    const screen = await ada.peer.produce('screen', simulcastRtpParameters('2'), live);
    const microphone = await ada.peer.produce('microphone', opusRtpParameters('3'), live);
    kill(ada, 'SIGKILL');
    await until('it died', () => sfu.load.workers === 0);
    ada.peer.closeProducer(screen);
    expect(bob.told('producerClosed')).toEqual([{ producerId: screen }]);
    await moved(ada);
    await ada.peer.setProducerPaused(microphone, { paused: true });
    expect(bob.told('producerPaused')).toEqual([{ producerId: microphone }]);
    expect(await ada.peer.produce('microphone', opusRtpParameters('4'), { paused: true })).toBe(microphone);
    await until('the camera is closed', () => bob.told('producerClosed').length === 2);
    expect(bob.told('producerClosed')[1]).toEqual({ producerId: camera });
    expect(bob.told('producerPaused').length).toBe(1);
    expect(await ada.peer.produce('camera', againRtpParameters(), live)).not.toBe(camera);
    const newcomer = await joinPeer(sfu, 'room');
    expect(newcomer.peer.roster[0]?.producers.map(({ source, paused }) => [source, paused])).toEqual([
      ['microphone', true],
      ['camera', false],
    ]);
  });

  test('and comes back unmuted is told so to the others', async () => {
    const { kill } = await openSpread({ workers: 1 });
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    const microphone = await ada.peer.produce('microphone', opusRtpParameters(), { paused: true });
    kill(ada, 'SIGKILL');
    await moved(ada);
    await ada.peer.produce('microphone', opusRtpParameters('1'), live);
    expect(bob.told('producerResumed')).toEqual([{ producerId: microphone }]);
  });

  test('and finds no worker is told that its media is lost, last of all; the others are told that it left', async () => {
    const { kill } = await openSpread({ workers: 1, clock: bentClock({ 0: 60_000 }) });
    const [ada, bob] = [await joinPeer(sfu, 'room'), await joinPeer(sfu, 'room')];
    kill(ada, 'SIGKILL');
    await until('both are told', () => [ada, bob].every(({ told }) => told('mediaLost').length === 1));
    expect([ada, bob].map(({ facts }) => facts.at(-1)?.case)).toEqual(['mediaLost', 'mediaLost']);
    expect(bob.told('peerLeft')).toEqual([{ peerId: ada.id }]);
    await expect(ada.peer.restartIce('send')).rejects.toEqual(mediaLost);
    expect(sfu.load).toMatchObject({ rooms: 0, peers: 0 });
  });
});
