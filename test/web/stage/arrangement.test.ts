import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../../src/client/index.ts';
import type { Rect } from '../../../web/grid-layout.ts';
import { type Arrangement, arrange } from '../../../web/stage/arrangement.ts';
import { cameraOf, type Layout, screenOf } from '../../../web/stage/layout.ts';

const peers = (count: number) => Array.from({ length: count }, (_, index) => `p${index}` as unknown as PeerId);

/** A call with that many others: the first of them, or their screen, is what is large. */
function layout(kind: Layout['kind'], others: number): Layout {
  const people = peers(others).map(cameraOf);
  const [first] = peers(1).map(kind === 'screen' ? screenOf : cameraOf);
  if (kind === 'grid' || !first) return { kind: 'grid', rest: people };
  return { kind, large: first, rest: kind === 'speaker' ? people.slice(1) : people };
}

/** The room that these windows leave between the bar and the controls. */
const PHONE = { widthPx: 366, heightPx: 676 };
const PHONE_LYING = { widthPx: 820, heightPx: 246 };
const LAPTOP = { widthPx: 1_256, heightPx: 646 };
const LARGE = { widthPx: 1_896, heightPx: 926 };

describe('what a page shows', () => {
  test.each([
    ['grid', 'a phone', PHONE, 1, 1, 1],
    ['grid', 'a phone', PHONE, 8, 8, 1],
    ['grid', 'a phone', PHONE, 29, 9, 4],
    ['grid', 'a laptop', LAPTOP, 29, 24, 2],
    ['grid', 'a large screen', LARGE, 29, 24, 2],
    ['speaker', 'a phone', PHONE, 1, 0, 1],
    ['speaker', 'a phone', PHONE, 3, 2, 1],
    ['speaker', 'a phone', PHONE, 29, 2, 14],
    ['speaker', 'a phone on its side', PHONE_LYING, 8, 1, 7],
    ['speaker', 'a laptop', LAPTOP, 4, 3, 1],
    ['speaker', 'a laptop', LAPTOP, 29, 3, 10],
    ['screen', 'a phone', PHONE, 4, 4, 1],
    ['screen', 'a laptop', LAPTOP, 2, 2, 1],
    ['screen', 'a large screen', LARGE, 29, 3, 10],
  ] as const)('%s on %s %o with %i others: %i beside oneself, %i pages', (kind, _, box, others, shown, pages) => {
    const { tiles, page } = arrange(layout(kind, others), { box, page: 0, hasSelf: true });
    expect([tiles.length, page.count]).toEqual([shown, pages]);
  });

  test('with one other, oneself lies in the corner of the large picture', () => {
    const { large, self, isSelfOver } = arrange(layout('speaker', 1), { box: PHONE, page: 0, hasSelf: true });
    expect(large?.rect).toEqual({ ...PHONE, leftPx: 0, topPx: 0 });
    expect(self).toEqual({ leftPx: 252, topPx: 528, widthPx: 102, heightPx: 136 });
    expect(isSelfOver).toBe(true);
  });

  test('who only listens has no tile', () => {
    const { tiles, self } = arrange(layout('grid', 3), { box: LAPTOP, page: 0, hasSelf: false });
    expect(tiles).toHaveLength(3);
    expect(self).toBeUndefined();
  });

  test('a shared screen has most of a lying window, and the height of its picture in an upright one', () => {
    const rect = (box: typeof PHONE) => arrange(layout('screen', 3), { box, page: 0, hasSelf: true }).large?.rect;
    expect(rect(LAPTOP)).toEqual({ leftPx: 0, topPx: 0, widthPx: 1_020, heightPx: 646 });
    expect(rect(PHONE)).toEqual({ leftPx: 0, topPx: 0, widthPx: 366, heightPx: 205 });
  });
});

test('in every window nothing covers anything, and nothing stands outside', () => {
  const px = fc.integer({ min: 200, max: 3_000 });
  const kind = fc.constantFrom('grid', 'speaker', 'screen');
  fc.assert(
    fc.property(kind, fc.integer({ min: 0, max: 80 }), px, px, fc.nat(30), (shown, others, widthPx, heightPx, page) => {
      const arrangement = arrange(layout(shown, others), { box: { widthPx, heightPx }, page, hasSelf: true });
      const rects = rectsOf(arrangement);
      for (const rect of rects) {
        expect(rect.leftPx).toBeGreaterThanOrEqual(0);
        expect(rect.topPx).toBeGreaterThanOrEqual(0);
        expect(rect.leftPx + rect.widthPx).toBeLessThanOrEqual(widthPx);
        expect(rect.topPx + rect.heightPx).toBeLessThanOrEqual(heightPx);
      }
      for (const [at, rect] of rects.entries())
        for (const other of rects.slice(at + 1)) expect(overlap(rect, other)).toBe(false);
    }),
  );
});

/** All that takes room; what lies over the large tile does not. */
function rectsOf({ large, tiles, self, isSelfOver, turner }: Arrangement): readonly Rect[] {
  const own = isSelfOver ? undefined : self;
  return [large?.rect, ...tiles.map(({ rect }) => rect), own, turner].filter((rect) => rect !== undefined);
}

const overlap = (a: Rect, b: Rect) =>
  a.leftPx < b.leftPx + b.widthPx &&
  b.leftPx < a.leftPx + a.widthPx &&
  a.topPx < b.topPx + b.heightPx &&
  b.topPx < a.topPx + a.heightPx;
