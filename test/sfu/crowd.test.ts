import { afterEach, expect, test } from 'vitest';
import type { Sfu } from '../../src/sfu/index.ts';
import { joinPeer, openSfu } from '../support/open-sfu.ts';
import { simulcastRtpParameters } from '../support/rtp-fixtures.ts';
import { WorkerObjects } from '../support/worker-objects.ts';

const PEERS = 80;
const TILES = 50;

/** 24 or 25 were measured while 4,000 consumers opened, and one when all were asked for at once. */
const MIN_ANSWERS = 5;

const objects = new WorkerObjects();
let sfu: Sfu | undefined;
afterEach(() => sfu?.close());

test('a worker of which a crowd asks thousands of consumers at once goes on answering', async () => {
  sfu = await openSfu({ consumersPerWorker: PEERS * TILES });
  const load = () => sfu?.load.consumers ?? 0;
  const peers = [];
  for (let count = 0; count < PEERS; count += 1) peers.push(await joinPeer(sfu, 'crowd'));
  for (const { peer } of peers) await peer.produce('camera', simulcastRtpParameters(), { paused: false });

  for (const { peer, id } of peers) {
    const others = peers.filter((each) => each.id !== id).slice(0, TILES);
    const tiles = others.map((other) => ({ peerId: other.id, source: 'camera' as const, heightPx: 180, priority: 1 }));
    peer.setView({ tiles, hears: false });
  }
  let answers = 0;
  while (load() < PEERS * TILES) {
    await objects.workers[0]?.getResourceUsage();
    answers += 1;
  }
  expect(answers).toBeGreaterThanOrEqual(MIN_ANSWERS);
  expect(sfu.load.workerDeaths).toBe(0);
});
