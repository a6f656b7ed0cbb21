import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GAP_PX, tileSize } from '../../web/grid-layout.ts';

describe('the size of a tile', () => {
  test.each([
    ['one fills a 16:9 box', 1, 1_600, 900, 1_600, 900],
    ['one in a wide box is no wider than its picture', 1, 4_000, 900, 1_600, 900],
    ['one in a high box is as high as a face and its shoulders', 1, 400, 900, 400, 533],
    ['two in a wide box stand side by side', 2, 1_610, 450, 800, 450],
    ['two in a high box stand on each other', 2, 800, 910, 800, 450],
    ['four make two rows', 4, 1_610, 910, 800, 450],
    ['none', 0, 1_600, 900, 0, 0],
    ['no box', 3, 0, 0, 0, 0],
  ])('%s', (_, count, boxWidthPx, boxHeightPx, widthPx, heightPx) => {
    expect(tileSize(count, { widthPx: boxWidthPx, heightPx: boxHeightPx })).toEqual({ widthPx, heightPx });
  });

  test('all of them fit, between 3:4 and 16:9', () => {
    const px = fc.integer({ min: 300, max: 4_000 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), px, px, (count, boxWidthPx, boxHeightPx) => {
        const { widthPx, heightPx } = tileSize(count, { widthPx: boxWidthPx, heightPx: boxHeightPx });
        const columns = Math.floor((boxWidthPx + GAP_PX) / (widthPx + GAP_PX));
        const rows = Math.floor((boxHeightPx + GAP_PX) / (heightPx + GAP_PX));
        expect(columns * rows).toBeGreaterThanOrEqual(count);
        expect(widthPx).toBeGreaterThanOrEqual(Math.floor((heightPx * 3) / 4));
        expect(widthPx).toBeLessThanOrEqual(Math.ceil(((heightPx + 1) * 16) / 9));
      }),
    );
  });
});
