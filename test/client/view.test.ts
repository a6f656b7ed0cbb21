import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../src/base/index.ts';
import { asksForMore, type ShownTile, sameView, type View, viewOf } from '../../src/client/view.ts';
import { MAX_NEIGHBOURS, MAX_TILE_HEIGHT_PX, MAX_TILES, type Source } from '../../src/wire/index.ts';

const shown = (peerId: string, source: Source, heightPx: number): ShownTile => ({
  peerId: peerId as PeerId,
  source,
  place: { kind: 'visible', heightPx },
});
const camera = (peerId: string) => ({ peerId: peerId as PeerId, source: 'camera' as const });
const near = (peerId: string): ShownTile => ({ ...camera(peerId), place: { kind: 'near' } });
const hears = { hears: true, expected: [] };
const silent = { hears: false, expected: [] };

/** `ada camera 360` per tile. */
const short = ({ tiles }: View) => tiles.map(({ peerId, source, heightPx }) => `${peerId} ${source} ${heightPx}`);

describe('the view of what is shown', () => {
  test.each<[string, readonly ShownTile[], readonly string[]]>([
    ['nothing', [], []],
    ['what has no height is not in it', [shown('ada', 'camera', 0)], []],
    ['nor what is scrolled away', [near('ada'), { ...camera('bob'), place: { kind: 'away' } }], []],
    ['half a pixel is', [shown('ada', 'camera', 0.5)], ['ada camera 1']],
    ['less is not', [shown('ada', 'camera', 0.4)], []],
    [
      'one tile per peer and source, as high as its highest element',
      [shown('ada', 'camera', 90), shown('ada', 'camera', 719.6), shown('ada', 'camera', 180)],
      ['ada camera 720'],
    ],
    ['never higher than the wire allows', [shown('ada', 'camera', 1e9)], [`ada camera ${MAX_TILE_HEIGHT_PX}`]],
    [
      'screens before cameras, then the largest first',
      [shown('ada', 'camera', 100), shown('bob', 'camera', 700), shown('bob', 'screen', 50)],
      ['bob screen 50', 'bob camera 700', 'ada camera 100'],
    ],
  ])('%s', (_, tiles, expected) => {
    expect(short(viewOf(tiles, hears))).toEqual(expected);
  });

  test('holds as many as it may: the screen and the largest', () => {
    const cameras = Array.from({ length: 60 }, (_, index) => shown(`p${index}`, 'camera', 100 + index));
    const { tiles } = viewOf([...cameras, shown('ada', 'screen', 10)], hears);
    expect(tiles).toHaveLength(MAX_TILES);
    expect(tiles[0]).toMatchObject({ peerId: 'ada', source: 'screen' });
    expect(tiles.at(-1)?.heightPx).toBe(100 + 60 - (MAX_TILES - 1));
  });

  test('says whether this device hears', () => {
    expect([viewOf([], silent).hears, viewOf([], hears).hears]).toEqual([false, true]);
  });
});

describe('the neighbours of a view', () => {
  test.each<[string, readonly ShownTile[], readonly string[], readonly string[]]>([
    ['what is near the screen', [near('ada'), shown('bob', 'camera', 90)], [], ['ada']],
    ['what is expected', [], ['ada'], ['ada']],
    ['each once', [near('ada'), near('ada')], ['ada', 'ada'], ['ada']],
    ['not what another element shows', [near('ada'), shown('ada', 'camera', 90)], [], []],
    ['nor what is expected and there', [shown('ada', 'camera', 90)], ['ada', 'bob'], ['bob']],
    ['not what is far away', [{ ...camera('ada'), place: { kind: 'away' } }], [], []],
    ['what is near before what is expected', [near('bob')], ['ada', 'bob'], ['bob', 'ada']],
  ])('%s', (_, tiles, expected, neighbours) => {
    const view = viewOf(tiles, { hears: true, expected: expected.map(camera) });
    expect(view.neighbours).toEqual(neighbours.map(camera));
  });

  test('are never more than the wire allows', () => {
    const many = Array.from({ length: 80 }, (_, index) => near(`p${index}`));
    expect(viewOf(many, hears).neighbours).toHaveLength(MAX_NEIGHBOURS);
  });
});

describe('comparing two views', () => {
  const small = viewOf([shown('ada', 'camera', 180)], hears);
  const large = viewOf([shown('ada', 'camera', 720)], hears);
  const more = viewOf([shown('ada', 'camera', 180), shown('ada', 'screen', 180)], hears);
  const silenced = viewOf([shown('ada', 'camera', 180)], silent);

  test.each<[string, View | undefined, View, boolean]>([
    ['the first view does', undefined, small, true],
    ['another tile does', small, more, true],
    ['silence does, for it is a click', small, silenced, true],
    ['a much larger tile does', small, large, true],
    ['a little larger tile does not', small, viewOf([shown('ada', 'camera', 270)], hears), false],
    ['a smaller tile does not', large, small, false],
    ['a new neighbour does not', small, viewOf([shown('ada', 'camera', 180), near('bob')], hears), false],
    ['fewer tiles do not', more, small, false],
    ['the same does not', small, small, false],
  ])('asks for more: %s', (_, before, next, expected) => {
    expect(asksForMore(before, next)).toBe(expected);
  });

  test('the same view is the same, whatever the order of its elements', () => {
    const there = [shown('ada', 'camera', 180), shown('ada', 'screen', 90)];
    expect(sameView(viewOf(there, hears), viewOf(there.toReversed(), hears))).toBe(true);
    expect([sameView(small, large), sameView(small, silenced), sameView(undefined, small)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
