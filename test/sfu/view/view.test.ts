import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../../src/base/index.ts';
import type { Source, Tile } from '../../../src/sfu/index.ts';
import { type Layered, type Wanted, wantedVideo } from '../../../src/sfu/view/view.ts';

const tile = (peerId: string, source: Source, heightPx = 360, priority = 10): Tile => ({
  peerId: peerId as PeerId,
  source,
  heightPx,
  priority,
});

const ada: Layered = { source: 'camera', spatialLayers: 3 };
const adasScreen: Layered = { source: 'screen', spatialLayers: 1 };
const find = (peerId: PeerId, source: Source) =>
  peerId !== 'ada' ? undefined : source === 'camera' ? ada : source === 'screen' ? adasScreen : undefined;

describe('wanted video', () => {
  test('every tile that is published, with the layer for its height; the more important takes all its layers first', () => {
    const tiles = [tile('ada', 'camera', 720, 7), tile('ada', 'screen', 900, 255)];
    expect(wantedVideo({ tiles, hears: true }, find)).toEqual(
      new Map<Layered, Wanted>([
        [ada, { spatialLayer: 2, priority: 1 }],
        [adasScreen, { spatialLayer: undefined, priority: 9 }],
      ]),
    );
  });

  test('nothing for a tile whose peer publishes nothing', () => {
    expect(wantedVideo({ tiles: [tile('bob', 'camera')], hears: true }, find).size).toBe(0);
  });

  test('nothing for a tile of a sound', () => {
    const everything = () => ({ source: 'microphone', spatialLayers: 1 }) as const;
    expect(wantedVideo({ tiles: [tile('ada', 'microphone')], hears: true }, everything).size).toBe(0);
  });
});
