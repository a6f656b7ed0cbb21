import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { largestHeld, nextSize, type Step } from '../../load/find-max.ts';

/** The sizes tried on a server that carries so many. */
function sizesTried(carries: number, options: { first: number; max: number }): Step[] {
  const steps: Step[] = [];
  for (let size = nextSize(steps, options); size !== undefined; size = nextSize(steps, options))
    steps.push({ size, held: size <= carries });
  return steps;
}

describe('the search for the most', () => {
  test.each([
    ['doubles, then halves', 50, { first: 8, max: 200 }, [8, 16, 32, 64, 48, 56, 52]],
    ['ends at the bound', 1_000, { first: 8, max: 40 }, [8, 16, 32, 40]],
    ['goes down when the first falls', 3, { first: 8, max: 200 }, [8, 4, 2, 3]],
    ['finds that nothing holds', 0, { first: 4, max: 200 }, [4, 2, 1]],
    ['tries the bound alone', 9, { first: 5, max: 5 }, [5]],
  ])('%s', (_, carries, options, sizes) => {
    expect(sizesTried(carries, options).map(({ size }) => size)).toEqual(sizes);
  });

  test('is never an eighth, nor one, below what is carried, tries no size twice, and none above the bound', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 600 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 0, max: 300 }),
        (carries, first, above) => {
          const max = first + above;
          const steps = sizesTried(carries, { first, max });
          const most = largestHeld(steps);
          const possible = Math.min(carries, max);
          expect(most).toBeLessThanOrEqual(possible);
          expect(possible - most).toBeLessThan(Math.max(1, Math.floor(most / 8)) + 1e-9);
          expect(new Set(steps.map(({ size }) => size)).size).toBe(steps.length);
          for (const { size } of steps) expect(size).toBeLessThanOrEqual(max);
        },
      ),
    );
  });
});
