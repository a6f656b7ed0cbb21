import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallError, ConsumerId, PeerId } from '../../src/base/index.ts';
import type { Sfu, Source, Tile } from '../../src/sfu/index.ts';
import { type JoinedPeer, joinPeer, openSfu } from '../support/open-sfu.ts';
import {
  audioOnlyRtpCapabilities,
  opusRtpParameters,
  screenRtpParameters,
  simulcastRtpParameters,
} from '../support/rtp-fixtures.ts';
import { until } from '../support/until.ts';
import { WorkerObjects } from '../support/worker-objects.ts';

const objects = new WorkerObjects();
let sfu: Sfu;
beforeAll(async () => {
  sfu = await openSfu();
});
afterAll(() => sfu.close());

const refusal = (code: CallError['code']) => expect.objectContaining({ name: 'CallError', code });
const live = { paused: false };
const tile = (peerId: PeerId, source: Source, heightPx = 180, priority = 1): Tile => ({
  peerId,
  source,
  heightPx,
  priority,
});
const shows = (...tiles: Tile[]) => ({ tiles, hears: false });

/** Ada publishes microphone, camera and screen; Bob looks. */
async function adaAndBob(room: string) {
  const [ada, bob] = [await joinPeer(sfu, room), await joinPeer(sfu, room)];
  const microphone = await ada.peer.produce('microphone', opusRtpParameters('0'), live);
  const camera = await ada.peer.produce('camera', simulcastRtpParameters('1'), live);
  const screen = await ada.peer.produce('screen', screenRtpParameters('2'), live);
  return { ada, bob, microphone, camera, screen };
}

const opened = (peer: JoinedPeer, count: number) =>
  until(`${count} consumers`, () => {
    const consumers = peer.told('consumerOpened');
    return consumers.length >= count ? consumers : undefined;
  });

/** Everything asked of the worker before has been carried out. */
const carriedOut = (peer: JoinedPeer) => peer.peer.restartIce('recv');

describe('a view', () => {
  test('that was never given gives nothing', async () => {
    const { bob } = await adaAndBob('no-view');
    await carriedOut(bob);
    expect(bob.told('consumerOpened')).toEqual([]);
  });

  test('opens what it shows and hears, paused, with all that a client needs to set it up', async () => {
    const { ada, bob, microphone, camera } = await adaAndBob('opens');
    bob.peer.setView({ tiles: [tile(ada.id, 'camera', 720)], hears: true });
    const consumers = await opened(bob, 2);
    const video = consumers.find(({ source }) => source === 'camera');
    const audio = consumers.find(({ source }) => source === 'microphone');
    expect(audio).toMatchObject({ peerId: ada.id, producerId: microphone, kind: 'audio' });
    expect(video).toMatchObject({ peerId: ada.id, producerId: camera, kind: 'video' });
    expect(video?.rtpParameters).toMatchObject({
      mid: expect.stringMatching(/^\d+$/),
      codecs: [
        { mimeType: 'video/VP8', payloadType: 101 },
        { mimeType: 'video/rtx', payloadType: 102, parameters: { apt: 101 } },
      ],
      encodings: [{ ssrc: expect.any(Number), rtx: { ssrc: expect.any(Number) }, scalabilityMode: 'L3T2' }],
      rtcp: { cname: expect.any(String) },
    });
    expect(audio?.rtpParameters.codecs[0]?.parameters).toMatchObject({ usedtx: 1, useinbandfec: 1 });
    expect(audio?.rtpParameters.mid).not.toBe(video?.rtpParameters.mid);

    const consumer = objects.consumer(video?.consumerId ?? '');
    expect(consumer.paused).toBe(true);
    expect(consumer.preferredLayers).toMatchObject({ spatialLayer: 2 });
    bob.peer.consumerReady(video?.consumerId as ConsumerId);
    await until('it flows', () => !consumer.paused);
  });

  test('opens a screen of one layer without choosing among layers', async () => {
    const { ada, bob } = await adaAndBob('screen');
    bob.peer.setView(shows(tile(ada.id, 'screen', 1080)));
    const [screen] = await opened(bob, 1);
    expect(objects.consumer(screen?.consumerId ?? '').type).toBe('simple');
  });

  test('re-layers what it shows larger, in place, and lets it come first', async () => {
    const { ada, bob } = await adaAndBob('re-layers');
    bob.peer.setView(shows(tile(ada.id, 'camera', 100, 1), tile(ada.id, 'screen', 720, 100)));
    const consumers = await opened(bob, 2);
    const consumerOf = (source: Source) =>
      objects.consumer(consumers.find((each) => each.source === source)?.consumerId ?? '');
    const [camera, screen] = [consumerOf('camera'), consumerOf('screen')];
    await until('the screen first', () => camera.priority < screen.priority);
    expect(camera.preferredLayers?.spatialLayer).toBe(0);
    bob.peer.setView(shows(tile(ada.id, 'camera', 360, 200), tile(ada.id, 'screen', 720, 100)));
    await until('the middle layer', () => camera.preferredLayers?.spatialLayer === 1);
    await until('the camera first', () => camera.priority > screen.priority);
    await carriedOut(bob);
    expect(bob.told('consumerOpened').length).toBe(2);
    expect(bob.told('consumerClosed')).toEqual([]);
  });

  test('closes what it no longer hears at once', async () => {
    const { ada, bob, microphone } = await adaAndBob('closes');
    bob.peer.setView({ tiles: [tile(ada.id, 'camera')], hears: true });
    const consumers = await opened(bob, 2);
    const [{ consumerId } = { consumerId: '' }] = consumers.filter((each) => each.producerId === microphone);
    bob.peer.setView(shows(tile(ada.id, 'camera')));
    await until('one closed', () => bob.told('consumerClosed').length > 0);
    expect(bob.told('consumerClosed')).toEqual([{ consumerId }]);
    expect(objects.consumer(consumerId).closed).toBe(true);
    expect(() => bob.peer.consumerReady(consumerId as ConsumerId)).toThrow(refusal('not-found'));
  });

  test('is served for who publishes later, and for who comes later', async () => {
    const [ada, bob] = [await joinPeer(sfu, 'later'), await joinPeer(sfu, 'later')];
    bob.peer.setView({ tiles: [tile(ada.id, 'camera', 720)], hears: true });
    const camera = await ada.peer.produce('camera', simulcastRtpParameters(), live);
    const cleo = await joinPeer(sfu, 'later');
    const microphone = await cleo.peer.produce('microphone', opusRtpParameters(), live);
    await cleo.peer.produce('camera', simulcastRtpParameters(), live);
    const consumers = await opened(bob, 2);
    await carriedOut(bob);
    expect(consumers.map(({ producerId }) => producerId)).toEqual([camera, microphone]);
    const names = bob.facts.map((fact) => fact.case).filter((name) => name !== 'peerJoined');
    expect(names.indexOf('producerOpened')).toBeLessThan(names.indexOf('consumerOpened'));
  });

  test('of oneself is forbidden, and changes nothing', async () => {
    const { ada, bob } = await adaAndBob('self');
    bob.peer.setView(shows(tile(ada.id, 'camera')));
    await opened(bob, 1);
    expect(() => bob.peer.setView(shows(tile(bob.id, 'camera')))).toThrow(refusal('forbidden'));
    const neighbours = [{ peerId: bob.id, source: 'camera' }] as const;
    expect(() => bob.peer.setView({ ...shows(), neighbours })).toThrow(refusal('forbidden'));
    await carriedOut(bob);
    expect(bob.told('consumerClosed')).toEqual([]);
  });

  test('that hears does not hear oneself', async () => {
    const { ada } = await adaAndBob('own-voice');
    ada.peer.setView({ tiles: [], hears: true });
    await carriedOut(ada);
    expect(ada.told('consumerOpened')).toEqual([]);
  });

  test('that flickers ends as the last one said, with nothing twice and nothing left over', async () => {
    const { ada, bob, camera } = await adaAndBob('flickers');
    for (let round = 0; round < 50; round += 1) {
      bob.peer.setView({ tiles: [], hears: round % 3 === 0 });
      bob.peer.setView(shows(tile(ada.id, 'camera', 100 + round * 10)));
      if (round % 7 === 0) await carriedOut(bob);
    }
    const openNow = () => {
      const gone = new Set(bob.told('consumerClosed').map(({ consumerId }) => consumerId));
      return bob.told('consumerOpened').filter(({ consumerId }) => !gone.has(consumerId));
    };
    await until('one consumer', () => openNow().length === 1);
    await carriedOut(bob);
    const [consumer] = openNow();
    expect(consumer?.producerId).toBe(camera);
    await until('its layer', () => objects.consumer(consumer?.consumerId ?? '').preferredLayers?.spatialLayer === 2);
    const alive = objects.consumers.filter((each) => !each.closed && each.producerId === camera);
    expect(alive.map(({ id }) => id)).toEqual([consumer?.consumerId]);
  });
});

describe('a consumer', () => {
  test('closes with its producer, and is told before it', async () => {
    const { ada, bob, camera } = await adaAndBob('producer-closes');
    bob.peer.setView(shows(tile(ada.id, 'camera')));
    const [{ consumerId } = { consumerId: '' }] = await opened(bob, 1);
    ada.peer.closeProducer(camera);
    expect(bob.facts.slice(-2)).toEqual([
      { case: 'consumerClosed', value: { consumerId } },
      { case: 'producerClosed', value: { producerId: camera } },
    ]);
  });

  test('whose producer closes while it opens is never told', async () => {
    const { ada, bob, camera } = await adaAndBob('closes-while-opening');
    bob.peer.setView(shows(tile(ada.id, 'camera')));
    await Promise.resolve();
    ada.peer.closeProducer(camera);
    await carriedOut(bob);
    expect(bob.told('consumerOpened')).toEqual([]);
    expect(bob.told('consumerClosed')).toEqual([]);
  });

  test('is paused by mediasoup while its producer is, and stays', async () => {
    const { ada, bob, microphone } = await adaAndBob('paused');
    bob.peer.setView({ tiles: [], hears: true });
    const [{ consumerId } = { consumerId: '' }] = await opened(bob, 1);
    await ada.peer.setProducerPaused(microphone, { paused: true });
    await until('mediasoup paused it', () => objects.consumer(consumerId).producerPaused);
    expect(bob.told('consumerClosed')).toEqual([]);
  });

  test('is skipped without a word when the client cannot decode it', async () => {
    const { ada, microphone } = await adaAndBob('cannot');
    const deaf = await joinPeer(sfu, 'cannot', { rtpCapabilities: audioOnlyRtpCapabilities() });
    deaf.peer.setView({ tiles: [tile(ada.id, 'camera')], hears: true });
    const consumers = await opened(deaf, 1);
    await carriedOut(deaf);
    expect(consumers.map(({ producerId }) => producerId)).toEqual([microphone]);
  });

  test('of somebody else, or of nobody, is not found', async () => {
    const { ada, bob } = await adaAndBob('foreign');
    bob.peer.setView(shows(tile(ada.id, 'camera')));
    const [{ consumerId } = { consumerId: '' as ConsumerId }] = await opened(bob, 1);
    expect(() => ada.peer.consumerReady(consumerId)).toThrow(refusal('not-found'));
    expect(() => bob.peer.consumerReady('nonsense' as ConsumerId)).toThrow(refusal('not-found'));
    bob.peer.consumerReady(consumerId);
    bob.peer.consumerReady(consumerId);
  });
});
