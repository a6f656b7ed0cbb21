import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layerStepsOf } from '../../../src/sfu/view/priority.ts';
import { shareOut } from '../../support/outgoing-bitrate.ts';

/** A camera in three spatial layers of two temporal ones, bit/s. */
const CAMERA = [90_000, 150_000, 350_000, 500_000, 1_200_000, 1_700_000];

/** So many layers each gets of a camera, by the priorities of their tiles. */
function layersOf(priorities: readonly number[], availableBps: number, ladder = CAMERA): number[] {
  const steps = layerStepsOf(priorities);
  const receivers = priorities.map((priority) => ({ priority: steps.get(priority) ?? 0, ladder }));
  return shareOut(receivers, availableBps);
}

describe('bandwidth by priority', () => {
  test('mediasoup itself would let one of two equals have everything', () => {
    const equals = [100, 100].map((priority) => ({ priority, ladder: CAMERA }));
    expect(shareOut(equals, 1_800_000)).toEqual([6, 1]);
  });

  test.each([
    [[100, 100], 1_800_000, [5, 4]],
    [[100, 100], 200_000, [1, 1]],
    [[100, 100], 100_000, [1, 0]],
    [[200, 100, 100], 2_000_000, [6, 2, 2]],
    [[200, 100, 100], 300_000, [1, 1, 1]],
    [[100, 200, 100], 200_000, [1, 1, 0]],
    [[200, 200, 100, 100], 1_500_000, [4, 4, 3, 2]],
    [[7], 600_000, [4]],
  ])('tiles of priority %j share %i bit/s as %j layers', (priorities, availableBps, layers) => {
    expect(layersOf(priorities, availableBps)).toEqual(layers);
  });

  const priorities = fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 50 });
  const few = fc.array(fc.constantFrom(1, 2, 100, 255), { minLength: 1, maxLength: 12 });
  const ladder = fc
    .array(fc.integer({ min: 1_000, max: 800_000 }), { minLength: 1, maxLength: 9 })
    .map((steps) => steps.map((_, at) => steps.slice(0, at + 1).reduce((sum, step) => sum + step, 0)));
  const available = fc.integer({ min: 0, max: 8_000_000 });

  test('becomes what mediasoup takes, in the same order', () => {
    fc.assert(
      fc.property(priorities, (all) => {
        const steps = layerStepsOf(all);
        const inOrder = [...new Set(all)].sort((a, b) => a - b).map((priority) => steps.get(priority) ?? 0);
        expect(inOrder).toEqual([...new Set(inOrder)].sort((a, b) => a - b));
        expect(inOrder.every((each) => each >= 1 && each <= 255)).toBe(true);
      }),
    );
  });

  test('of videos alike: nobody is starved for the extras of others, the more important has no less, the estimate is kept', () => {
    fc.assert(
      fc.property(few, ladder, available, (all, costs, availableBps) => {
        const layers = layersOf(all, availableBps, costs);
        const spentBps = layers.reduce((sum, count) => sum + (costs[count - 1] ?? 0), 0);
        expect(spentBps).toBeLessThanOrEqual(availableBps);
        const lowestBps = costs[0] ?? 0;
        const shown = layers.filter((count) => count > 0).length;
        if (shown < layers.length) expect(availableBps - shown * lowestBps).toBeLessThan(lowestBps);
        all.forEach((mine, me) => {
          for (const [other, theirs] of all.entries())
            if (mine > theirs) expect(layers[me]).toBeGreaterThanOrEqual(layers[other] ?? 0);
        });
      }),
    );
  });

  test('of videos alike the least important differ by less than twice the layer that did not fit', () => {
    fc.assert(
      fc.property(few, ladder, available, (all, costs, availableBps) => {
        const layers = layersOf(all, availableBps, costs);
        const least = layers.filter((_, at) => all[at] === Math.min(...all));
        const [most, fewest] = [Math.max(...least), Math.min(...least)];
        if (most === fewest) return;
        const cost = (count: number) => costs[count - 1] ?? 0;
        expect(cost(most) - cost(fewest)).toBeLessThan(2 * (cost(fewest + 1) - cost(fewest)));
      }),
    );
  });

  test('the important lose nothing before the less important are down to their lowest layer', () => {
    fc.assert(
      fc.property(ladder, available, fc.integer({ min: 1, max: 8 }), (costs, availableBps, others) => {
        const [speaker = 0, ...rest] = layersOf(
          [200, ...Array.from({ length: others }, () => 100)],
          availableBps,
          costs,
        );
        if (speaker < costs.length) {
          const missing = (costs[speaker] ?? 0) - (costs[speaker - 1] ?? 0);
          const spentOnMore = rest.reduce(
            (sum, count) => sum + (costs[count - 1] ?? 0) - (count > 0 ? (costs[0] ?? 0) : 0),
            0,
          );
          expect(spentOnMore).toBeLessThan(missing);
        }
      }),
    );
  });
});
