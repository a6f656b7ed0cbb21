import { afterAll, beforeAll, test } from 'vitest';
import type { ConsumerLayers, Tile } from '../../src/sfu/index.ts';
import { type DirectPeer, DirectRoom } from '../support/direct-room.ts';
import { until } from '../support/until.ts';

/** Of what a direct transport is reckoned to carry, 600 kbit/s, both can have the middle one; or one the top and the other the lowest. */
const RATES_BPS = [60_000, 200_000, 500_000];

let room: DirectRoom;
beforeAll(async () => {
  room = await DirectRoom.open(10);
});
afterAll(() => room.close());

/** What flows of each video to `viewer` now, in the order in which they were opened. */
function layersOf({ facts }: DirectPeer): (number | undefined)[] {
  const latest = new Map<string, ConsumerLayers | undefined>();
  for (const fact of facts) {
    if (fact.case === 'consumerOpened') latest.set(fact.value.consumerId, undefined);
    if (fact.case === 'consumerLayersChanged') latest.set(fact.value.consumerId, fact.value);
  }
  return [...latest.values()].map((layers) => layers?.spatialLayer);
}

test('two equal tiles on a narrow line share it, whatever their priority', async () => {
  const [ada, bob, viewer] = [await room.join(), await room.join(), await room.join()];
  await Promise.all([ada.camera(RATES_BPS), bob.camera(RATES_BPS)]);
  const tile = ({ peer }: DirectPeer): Tile => ({ peerId: peer.id, source: 'camera', heightPx: 720, priority: 100 });
  viewer.peer.setView({ tiles: [tile(ada), tile(bob)], hears: false });
  await until('the middle layer of both', () => layersOf(viewer).join() === '1,1');
});
