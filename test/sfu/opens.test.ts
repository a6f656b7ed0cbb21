import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/base/index.ts';
import type { Sfu } from '../../src/sfu/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type JoinedPeer, joinPeer, openSfu } from '../support/open-sfu.ts';
import { opusRtpParameters } from '../support/rtp-fixtures.ts';
import { until } from '../support/until.ts';
import { WorkerObjects } from '../support/worker-objects.ts';

const SPEAKERS = 10;

/** Consumers that one peer may open at once, and in a second. */
const BURST = 150;
const PER_SECOND = 50;

/** Consumers that a worker opens at the same time. */
const OPENING = 64;

const objects = new WorkerObjects();
let sfu: Sfu;
afterEach(() => sfu.close());

/** A room of ten who speak, and one who has not looked yet. */
async function listenerAmongTen(clock = systemClock): Promise<JoinedPeer> {
  sfu = await openSfu({ clock });
  const speakers = await Promise.all(Array.from({ length: SPEAKERS }, () => joinPeer(sfu, 'room')));
  for (const { peer } of speakers) await peer.produce('microphone', opusRtpParameters(), { paused: false });
  return joinPeer(sfu, 'room');
}

const hears = (is: boolean) => ({ tiles: [], hears: is });

/** What was told until the worker has carried out everything asked of it before. */
async function openings({ peer, told }: JoinedPeer): Promise<number> {
  await peer.restartIce('recv');
  return told('consumerOpened').length;
}

test('who looks here and there all the time opens so many consumers and no more, and has what it looks at in the end', async () => {
  const clock = new FakeClock();
  const bob = await listenerAmongTen(clock);
  const opened = () => bob.told('consumerOpened').length;
  for (let flip = 1; flip <= 2 * (BURST / SPEAKERS); flip += 1) {
    bob.peer.setView(hears(true));
    await until('these, or all that may be', () => opened() === Math.min(flip * SPEAKERS, BURST));
    bob.peer.setView(hears(false));
    await openings(bob);
  }
  expect(opened()).toBe(BURST);

  bob.peer.setView(hears(true));
  await openings(bob);
  expect(await openings(bob)).toBe(BURST);
  clock.advance(100);
  await until('the first of them', () => opened() > BURST);
  expect(await openings(bob)).toBeLessThanOrEqual(BURST + PER_SECOND / 10);
  clock.advance(100);
  await until('all of them', () => opened() === BURST + SPEAKERS);
});

test('a consumer that is not wanted any more when its turn comes is not asked of the worker', async () => {
  const bob = await listenerAmongTen();
  const others = await Promise.all(Array.from({ length: OPENING / SPEAKERS + 1 }, () => joinPeer(sfu, 'room')));
  const transport = objects.transports.find(({ id }) => id === bob.peer.recvTransport.id);
  if (!transport) throw new Error('no such transport');
  const consume = vi.spyOn(transport, 'consume');
  for (const { peer } of [...others, bob]) peer.setView(hears(true));
  await new Promise((resolve) => setImmediate(resolve));
  const asked = consume.mock.calls.length;
  expect(asked).toBeLessThan(SPEAKERS);
  bob.peer.interrupt();
  for (const other of others) await until('they are served', () => other.told('consumerOpened').length === SPEAKERS);
  await joinPeer(sfu, 'room'); // behind all of them in the worker
  expect(consume.mock.calls.length).toBe(asked);
});
