import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sfu, Tile } from '../../src/sfu/index.ts';
import { openSfu } from '../support/open-sfu.ts';
import { until } from '../support/until.ts';
import { ViewingPeer } from '../support/viewing-peer.ts';
import { SignalingFixture } from './signaling-fixture.ts';

const PEERS = 30;
const CAMERAS = 12;
const MICROPHONES = 14;
const TILES = 4;
const MAX_HEARD = 10;

let sfu: Sfu;
let fixture: SignalingFixture;
beforeAll(async () => {
  sfu = await openSfu({ maxHeard: MAX_HEARD });
  fixture = await SignalingFixture.open(sfu);
});
afterAll(async () => {
  fixture.server.close();
  sfu.close();
});

/** A page of the cameras, without one's own. */
function page(peers: readonly ViewingPeer[], viewer: ViewingPeer, first: number): Tile[] {
  return Array.from({ length: TILES }, (_, at) => peers[(first + at) % CAMERAS])
    .flatMap((peer) => (peer && peer !== viewer ? [peer.id] : []))
    .map((peerId) => ({ peerId, source: 'camera', heightPx: 360, priority: 100 }));
}

test('the server has as many consumers as all views together ask for, and what it hears', async () => {
  const peers: ViewingPeer[] = [];
  for (let count = 0; count < PEERS; count += 1) {
    peers.push(await ViewingPeer.join(fixture.server.port, 'views', await fixture.token('views')));
  }
  for (const peer of peers.slice(0, CAMERAS)) await peer.publish('camera');
  for (const peer of peers.slice(0, MICROPHONES)) await peer.publish('microphone');

  let tiles = 0;
  peers.forEach((peer, index) => {
    const view = { tiles: page(peers, peer, index), hears: true };
    tiles += view.tiles.length;
    peer.show(view);
  });
  // Ten of the microphones are heard by everybody but by those ten themselves, who hear nine.
  const heard = PEERS * MAX_HEARD - MAX_HEARD;
  await until('the sum of the views, and audio', () => sfu.load.consumers === tiles + heard);

  // Everybody turns the page: what they saw rests.
  let more = 0;
  peers.forEach((peer, index) => {
    const view = { tiles: page(peers, peer, index + TILES), hears: true };
    more += view.tiles.length;
    peer.show(view);
  });
  await until('what they saw besides', () => sfu.load.consumers === tiles + more + heard);
  for (const peer of peers) await peer.settled();
  expect(sfu.load.consumers).toBe(tiles + more + heard);
  expect(peers.reduce((sum, { consumers }) => sum + consumers, 0)).toBe(sfu.load.consumers);
  await Promise.all(peers.map((peer) => peer.close()));
  await until('nothing is left', () => sfu.load.consumers + sfu.load.producers + sfu.load.peers === 0);
});
