import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tileSize } from '../../web/grid-layout.ts';
import { gridPage, MAX_PAGE_TILES, pageTiles, SMALLEST_TILE } from '../../web/grid-pages.ts';

const people = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('how many tiles a page holds', () => {
  test.each([
    ['a phone held upright', 366, 640, 10],
    ['a phone on its side', 740, 240, 10],
    ['a laptop', 1_256, 620, 25],
    ['a large screen', 1_896, 900, 25],
    ['a strip beside a shared screen', 164, 240, 2],
    ['next to nothing', 60, 60, 1],
    ['nothing', 0, 0, 1],
  ])('%s of %i x %i px: %i', (_, widthPx, heightPx, tiles) => {
    expect(pageTiles({ widthPx, heightPx })).toBe(tiles);
  });

  test('none is too small, and one more would be', () => {
    const px = fc.integer({ min: 0, max: 4_000 });
    const isLarge = (count: number, box: { widthPx: number; heightPx: number }) => {
      const { widthPx, heightPx } = tileSize(count, box);
      return widthPx >= SMALLEST_TILE.widthPx && heightPx >= SMALLEST_TILE.heightPx;
    };
    fc.assert(
      fc.property(px, px, (widthPx, heightPx) => {
        const box = { widthPx, heightPx };
        const tiles = pageTiles(box);
        expect(tiles === 1 || isLarge(tiles, box)).toBe(true);
        expect(tiles === MAX_PAGE_TILES || !isLarge(tiles + 1, box)).toBe(true);
      }),
    );
  });
});

describe('the pages of a grid', () => {
  test.each<[number, number, number, number, number, number]>([
    [0, 24, 0, 0, 1, 0],
    [24, 24, 0, 0, 1, 24],
    [24, 24, 1, 0, 1, 24],
    [25, 24, 0, 0, 2, 24],
    [25, 24, 1, 1, 2, 1],
    [60, 24, 9, 2, 3, 12],
    [60, 24, -1, 0, 3, 24],
    [30, 9, 1, 1, 4, 9],
    [3, 1, 2, 2, 3, 1],
  ])('of %i people by %i, page %i: page %i of %i, with %i of them', (everybody, size, wanted, index, count, shown) => {
    const page = gridPage(people(everybody), wanted, size);
    expect([page.index, page.count, page.people.length]).toEqual([index, count, shown]);
  });

  test('show everybody once, and have beside them who is one page away', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: MAX_PAGE_TILES }), (count, size) => {
        const everybody = people(count);
        const pageCount = gridPage(everybody, 0, size).count;
        const pages = Array.from({ length: pageCount }, (_, index) => gridPage(everybody, index, size));
        expect(pages.flatMap((page) => page.people)).toEqual(everybody);
        for (const { index, beside } of pages) {
          expect(beside).toEqual([...(pages[index - 1]?.people ?? []), ...(pages[index + 1]?.people ?? [])]);
          expect(beside.length).toBeLessThanOrEqual(2 * size);
        }
      }),
    );
  });
});
