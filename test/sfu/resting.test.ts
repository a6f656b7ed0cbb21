import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConsumerId, PeerId } from '../../src/base/index.ts';
import type { Neighbour, Sfu, Tile } from '../../src/sfu/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type JoinedPeer, joinPeer, openSfu } from '../support/open-sfu.ts';
import { screenRtpParameters, simulcastRtpParameters } from '../support/rtp-fixtures.ts';
import { until } from '../support/until.ts';
import { WorkerObjects } from '../support/worker-objects.ts';

/** Less than the worker's watchdog waits, so that a real answer comes between two moves of the clock. */
const STEP_MS = 500;

const objects = new WorkerObjects();
const clock = new FakeClock();
let sfu: Sfu;
beforeAll(async () => {
  sfu = await openSfu({ clock });
});
afterAll(() => sfu.close());

const live = { paused: false };
const camera = (peerId: PeerId, heightPx = 180): Tile => ({ peerId, source: 'camera', heightPx, priority: 1 });
const shows = (...tiles: Tile[]) => ({ tiles, hears: false });
const near = (neighbours: Neighbour[], ...tiles: Tile[]) => ({ tiles, hears: false, neighbours });

/** Ada publishes her camera; Bob looks. */
async function adaAndBob(room: string) {
  const [ada, bob] = [await joinPeer(sfu, room), await joinPeer(sfu, room)];
  const producerId = await ada.peer.produce('camera', simulcastRtpParameters(), live);
  return { ada, bob, producerId, adas: { peerId: ada.id, source: 'camera' } as const };
}

async function consumerOf(peer: JoinedPeer, { ready = true } = {}) {
  const { consumerId } = await until('a consumer', () => peer.told('consumerOpened').at(-1));
  if (ready) peer.peer.consumerReady(consumerId);
  return { consumerId, consumer: objects.consumer(consumerId) };
}

/** Everything asked of the worker before has been carried out. */
const carriedOut = (peer: JoinedPeer) => peer.peer.restartIce('recv');

async function pass(ms: number, peer: JoinedPeer): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += STEP_MS) {
    clock.advance(Math.min(STEP_MS, ms - passedMs));
    await carriedOut(peer);
  }
}

describe('a video that leaves the screen', () => {
  test('rests, and flows again when it is back within 10 s, without a word to the client', async () => {
    const { ada, bob } = await adaAndBob('back');
    bob.peer.setView(shows(camera(ada.id)));
    const { consumer } = await consumerOf(bob);
    await until('it flows', () => !consumer.paused);
    expect(sfu.load.resting).toBe(0);
    bob.peer.setView(shows());
    await until('it rests', () => consumer.paused);
    expect(sfu.load.resting).toBe(1);
    await pass(9_999, bob);
    bob.peer.setView(shows(camera(ada.id, 720)));
    await until('it flows again', () => !consumer.paused);
    expect(sfu.load.resting).toBe(0);
    expect(consumer.preferredLayers?.spatialLayer).toBe(2);
    expect(bob.told('consumerOpened').length).toBe(1);
    expect(bob.told('consumerClosed')).toEqual([]);
  });

  test('is closed after 10 s', async () => {
    const { ada, bob } = await adaAndBob('gone');
    bob.peer.setView(shows(camera(ada.id)));
    const { consumerId, consumer } = await consumerOf(bob);
    bob.peer.setView(shows());
    await until('it rests', () => consumer.paused);
    await pass(9_999, bob);
    expect(bob.told('consumerClosed')).toEqual([]);
    await pass(1, bob);
    await until('it is closed', () => consumer.closed);
    expect(bob.told('consumerClosed')).toEqual([{ consumerId }]);
  });

  test('leaves no timer behind when its viewer leaves', async () => {
    const before = clock.pending;
    const { ada, bob } = await adaAndBob('leaves');
    bob.peer.setView(shows(camera(ada.id)));
    const { consumer } = await consumerOf(bob);
    bob.peer.setView(shows());
    await until('it rests', () => consumer.paused);
    expect(clock.pending).toBeGreaterThan(before);
    bob.peer.leave();
    ada.peer.leave();
    expect(clock.pending).toBe(before);
  });
});

describe('a neighbour', () => {
  test('is opened and does not flow, although the client is ready, until it is a tile', async () => {
    const { ada, bob, adas } = await adaAndBob('neighbour');
    const restingBefore = sfu.load.resting;
    bob.peer.setView(near([adas]));
    const { consumer } = await consumerOf(bob);
    await carriedOut(bob);
    expect(consumer.paused).toBe(true);
    expect(sfu.load.resting).toBe(restingBefore + 1);
    expect(consumer.preferredLayers?.spatialLayer).toBe(0);
    bob.peer.setView(shows(camera(ada.id, 360)));
    await until('it flows', () => !consumer.paused);
    expect(sfu.load.resting).toBe(restingBefore);
    expect(consumer.preferredLayers?.spatialLayer).toBe(1);
    expect(bob.told('consumerOpened').length).toBe(1);
  });

  test('that is shown before the client is ready waits for that', async () => {
    const { ada, bob, adas } = await adaAndBob('not-ready');
    bob.peer.setView(near([adas]));
    const { consumer, consumerId } = await consumerOf(bob, { ready: false });
    bob.peer.setView(shows(camera(ada.id)));
    await carriedOut(bob);
    expect(consumer.paused).toBe(true);
    bob.peer.consumerReady(consumerId as ConsumerId);
    await until('it flows', () => !consumer.paused);
  });

  test('is closed 10 s after it was first named, and not opened again for being named on', async () => {
    const { bob, adas } = await adaAndBob('named-on');
    bob.peer.setView(near([adas]));
    const { consumer } = await consumerOf(bob);
    for (let second = 1; second < 15; second += 1) {
      await pass(1_000, bob);
      bob.peer.setView(near([adas]));
    }
    await carriedOut(bob);
    expect(consumer.closed).toBe(true);
    expect(bob.told('consumerOpened').length).toBe(1);
    bob.peer.setView(near([]));
    bob.peer.setView(near([adas]));
    await until('it is ready again', () => bob.told('consumerOpened').length === 2);
  });

  test('that publishes later is opened then', async () => {
    const { ada, bob } = await adaAndBob('later');
    bob.peer.setView(near([{ peerId: ada.id, source: 'screen' }]));
    await carriedOut(bob);
    await ada.peer.produce('screen', screenRtpParameters(), live);
    const { consumer } = await consumerOf(bob);
    expect(consumer.paused).toBe(true);
  });
});

describe('who publishes a video', () => {
  test('is told which of its layers are watched: more at once, fewer after 5 s, none for what rests', async () => {
    const { ada, bob, producerId } = await adaAndBob('watched');
    bob.peer.setView(shows(camera(ada.id, 720)));
    const { consumer } = await consumerOf(bob);
    await pass(10_000, bob);
    expect(ada.told('layersWanted')).toEqual([]);
    bob.peer.setView(shows(camera(ada.id, 100)));
    await until('the lowest layer', () => consumer.preferredLayers?.spatialLayer === 0);
    await pass(4_999, bob);
    expect(ada.told('layersWanted')).toEqual([]);
    await pass(1, bob);
    expect(ada.told('layersWanted')).toEqual([{ producerId, spatialLayer: 1 }]); // the one above it is kept ready
    bob.peer.setView(shows(camera(ada.id, 720)));
    await until('the largest layer', () => consumer.preferredLayers?.spatialLayer === 2);
    expect(ada.told('layersWanted').at(-1)).toEqual({ producerId, spatialLayer: 2 });
    bob.peer.setView(shows());
    await until('it rests', () => consumer.paused);
    await pass(5_000, bob);
    expect(consumer.closed).toBe(false);
    expect(ada.told('layersWanted').at(-1)).toEqual({ producerId });
    expect(ada.told('layersWanted').length).toBe(3);
    expect(bob.told('layersWanted')).toEqual([]);
  });

  test('is told that nobody watches when the last who did leaves', async () => {
    const { ada, bob, producerId } = await adaAndBob('unwatched');
    bob.peer.setView(shows(camera(ada.id, 720)));
    await consumerOf(bob);
    await pass(10_000, ada);
    bob.peer.leave();
    await pass(5_000, ada);
    expect(ada.told('layersWanted')).toEqual([{ producerId }]);
  });
});
