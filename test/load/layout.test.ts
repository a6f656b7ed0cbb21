import { describe, expect, test } from 'vitest';
import { formatLayout, gridOf, othersShown, parseLayout, tileHeightPx, windowOf } from '../../load/layout.ts';
import type { PeerId } from '../../src/base/index.ts';
import { arrange } from '../../web/stage/arrangement.ts';

const SIDES = [1, 2, 3, 4, 5];
const LAYOUTS = SIDES.flatMap((columns) => SIDES.map((rows) => ({ columns, rows })));

/** More than any page holds. */
const MANY = Array.from({ length: 30 }, (_, at) => ({ peerId: `peer-${at}` as PeerId, source: 'camera' as const }));

describe('a layout', () => {
  test.each(['3', '3x', 'x3', '0x3', '3x6', '33x1', '3X3', ' 3x3'])('%j is none', (text) => {
    expect(() => parseLayout(text)).toThrow(/^not a layout/);
  });

  test.each(LAYOUTS)('$columns x $rows is read as it is written', (layout) => {
    expect(parseLayout(formatLayout(layout))).toEqual(layout);
  });

  test('one of its tiles is one’s own; a single one shows somebody else', () => {
    expect(othersShown({ columns: 3, rows: 3 })).toBe(8);
    expect(othersShown({ columns: 1, rows: 1 })).toBe(1);
  });

  test('rows share the height of the screen', () => {
    expect(tileHeightPx({ columns: 5, rows: 1 })).toBe(720);
    expect(tileHeightPx({ columns: 1, rows: 5 })).toBe(144);
  });
});

describe('the window of a browser', () => {
  test.each(LAYOUTS)('has a page of exactly $columns x $rows tiles where there are pages to turn', (layout) => {
    const { width: widthPx, height: heightPx } = gridOf(layout);
    const { tiles } = arrange({ kind: 'grid', rest: MANY }, { box: { widthPx, heightPx }, page: 0, hasSelf: true });
    expect(tiles.length).toBe(othersShown(layout));
  });

  test('is as much larger than the grid as what stands beside it', () => {
    const layout = { columns: 3, rows: 3 };
    const { width, height } = gridOf(layout);
    expect(windowOf(layout, { width: 24, height: 200 })).toMatchObject({ width: width + 24, height: height + 200 });
  });
});
