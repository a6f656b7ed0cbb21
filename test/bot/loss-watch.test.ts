import { describe, expect, test } from 'vitest';
import { LossWatch } from './loss-watch.ts';

describe('a packet that does not come', () => {
  test('is not asked for while it may only be late', () => {
    const watch = new LossWatch();
    for (const index of [1, 2, 4]) watch.received(index, 0);
    expect(watch.tick(10)).toEqual({ ask: [], gaveUp: false });
    expect(watch.received(3, 15)).toBe(true);
    expect(watch.tick(100)).toEqual({ ask: [], gaveUp: false });
  });

  test('is asked for some times, and then given up for a key frame', () => {
    const watch = new LossWatch();
    watch.received(1, 0);
    watch.received(4, 0);
    const steps = [];
    for (let nowMs = 0; nowMs <= 1_000; nowMs += 50) steps.push(watch.tick(nowMs));
    expect(steps.filter(({ ask }) => ask.length > 0).map(({ ask }) => ask)).toEqual([
      [2, 3],
      [2, 3],
      [2, 3],
      [2, 3],
    ]);
    expect(steps.filter(({ gaveUp }) => gaveUp)).toHaveLength(1);
    expect(watch.lost).toBe(2);
  });

  test.each([
    ['the same again', [1, 2, 2], [true, true, false]],
    ['before the first', [5, 4], [true, false]],
    ['late and wanted', [1, 3, 2, 2], [true, true, true, false]],
    ['after a pause in which the numbering went on', [1, 2_000, 1_999], [true, true, false]],
  ])('%s', (_, indices, fresh) => {
    const watch = new LossWatch();
    expect(indices.map((index) => watch.received(index, 0))).toEqual(fresh);
  });
});
