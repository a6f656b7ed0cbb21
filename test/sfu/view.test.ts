import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../src/base/index.ts';
import type { Source, Tile } from '../../src/sfu/index.ts';
import { difference, type Published, type Wanted, wantedVideo } from '../../src/sfu/view.ts';

const tile = (peerId: string, source: Source, heightPx = 360, priority = 10): Tile => ({
  peerId: peerId as PeerId,
  source,
  heightPx,
  priority,
});

const ada: Published = { source: 'camera', spatialLayers: 3 };
const adasScreen: Published = { source: 'screen', spatialLayers: 1 };
const find = (peerId: PeerId, source: Source) =>
  peerId !== 'ada' ? undefined : source === 'camera' ? ada : source === 'screen' ? adasScreen : undefined;

describe('wanted video', () => {
  test('every tile that is published, with the layer for its height and its own priority', () => {
    const tiles = [tile('ada', 'camera', 720, 7), tile('ada', 'screen', 900, 255)];
    expect(wantedVideo({ tiles, hears: true }, find)).toEqual(
      new Map<Published, Wanted>([
        [ada, { spatialLayer: 2, priority: 7 }],
        [adasScreen, { spatialLayer: undefined, priority: 255 }],
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

describe('difference between wanted and existing consumers', () => {
  const small: Wanted = { spatialLayer: 0, priority: 1 };
  const large: Wanted = { spatialLayer: 2, priority: 1 };
  const first: Wanted = { spatialLayer: 0, priority: 9 };

  test('closes what is not wanted, opens what is missing, re-layers what is different, leaves the rest', () => {
    const wanted = new Map([
      ['same', small],
      ['larger', large],
      ['sooner', first],
      ['missing', small],
    ]);
    const existing = new Map([
      ['same', small],
      ['larger', small],
      ['sooner', small],
      ['gone', small],
    ]);
    expect(difference(wanted, existing)).toEqual({
      close: ['gone'],
      open: [['missing', small]],
      relayer: [
        ['larger', large],
        ['sooner', first],
      ],
    });
  });

  test('carried out, it makes the consumers what is wanted; then nothing is left to do', () => {
    const how = fc.constantFrom(small, large, first);
    const consumers = fc
      .dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), how)
      .map((each) => new Map(Object.entries(each)));
    fc.assert(
      fc.property(consumers, consumers, (wanted, existing) => {
        const { close, open, relayer } = difference(wanted, existing);
        const after = new Map([...existing].filter(([producer]) => !close.includes(producer)));
        for (const [producer, each] of [...open, ...relayer]) after.set(producer, each);
        expect(after.size).toBe(wanted.size);
        expect(difference(wanted, after)).toEqual({ close: [], open: [], relayer: [] });
      }),
    );
  });
});
