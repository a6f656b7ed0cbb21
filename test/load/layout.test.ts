import { describe, expect, test } from 'vitest';
import { formatLayout, gridOf, othersShown, parseLayout, tileHeightPx, windowOf } from '../../load/layout.ts';
import { pageTiles } from '../../web/grid-pages.ts';

const SIDES = [1, 2, 3, 4, 5];
const LAYOUTS = SIDES.flatMap((columns) => SIDES.map((rows) => ({ columns, rows })));

/** A page's buttons and the gap above them (web/style/call.css). */
const PAGE_TURNER_PX = 48;

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
  test.each(LAYOUTS)('has a page of exactly $columns x $rows tiles, with pages to turn and without', (layout) => {
    const { width: widthPx, height: heightPx } = gridOf(layout);
    expect(pageTiles({ widthPx, heightPx })).toBe(layout.columns * layout.rows);
    expect(pageTiles({ widthPx, heightPx: heightPx - PAGE_TURNER_PX })).toBe(layout.columns * layout.rows);
  });

  test('is as much larger than the grid as what stands beside it', () => {
    const layout = { columns: 3, rows: 3 };
    const { width, height } = gridOf(layout);
    expect(windowOf(layout, { width: 24, height: 200 })).toMatchObject({ width: width + 24, height: height + 200 });
  });
});
