import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EpochSwitch, type EpochUse } from '../../../src/client/e2ee/epoch-switch.ts';

/** In epoch 5 since 0 ms, and sealing with it. */
function started(): EpochSwitch {
  const epochs = new EpochSwitch();
  epochs.began({ epoch: 5n, removes: false, nowMs: 0 });
  return epochs;
}

describe('which epoch a sender seals with', () => {
  test('none before the first, the first at once', () => {
    const epochs = new EpochSwitch();
    expect(epochs.tick(0)).toEqual({ use: undefined, forget: [], wakeAtMs: undefined });
    expect(epochs.began({ epoch: 5n, removes: false, nowMs: 0 })).toEqual({ use: 5n, forget: [], wakeAtMs: undefined });
  });

  test('one that adds or refreshes after 1.5 s', () => {
    const epochs = started();
    expect(epochs.began({ epoch: 6n, removes: false, nowMs: 100 })).toEqual({ use: 5n, forget: [], wakeAtMs: 1_600 });
    expect(epochs.tick(1_599).use).toBe(5n);
    expect(epochs.tick(1_600)).toEqual({ use: 6n, forget: [], wakeAtMs: 3_600 });
  });

  test('or when every member is there', () => {
    const epochs = started();
    epochs.began({ epoch: 6n, removes: false, nowMs: 100 });
    expect(epochs.ready(6n, 300)).toEqual({ use: 6n, forget: [], wakeAtMs: 2_300 });
  });

  test('or at once when that was told before our keys were made', () => {
    const epochs = started();
    expect(epochs.ready(6n, 90).use).toBe(5n);
    expect(epochs.began({ epoch: 6n, removes: false, nowMs: 100 }).use).toBe(6n);
  });

  test('one that removes somebody at once, past all that still wait', () => {
    const epochs = started();
    epochs.began({ epoch: 6n, removes: false, nowMs: 100 });
    expect(epochs.began({ epoch: 7n, removes: true, nowMs: 200 })).toEqual({ use: 7n, forget: [], wakeAtMs: 2_200 });
    expect(epochs.ready(6n, 300).use).toBe(7n);
  });

  test('ready is for one epoch, not for a later one', () => {
    const epochs = started();
    epochs.began({ epoch: 6n, removes: false, nowMs: 100 });
    epochs.began({ epoch: 7n, removes: false, nowMs: 200 });
    expect(epochs.ready(6n, 300)).toEqual({ use: 6n, forget: [], wakeAtMs: 1_700 });
  });

  test('an epoch that is not newer is ignored', () => {
    const epochs = started();
    expect(epochs.began({ epoch: 5n, removes: true, nowMs: 1 })).toEqual({ use: 5n, forget: [], wakeAtMs: undefined });
    expect(epochs.began({ epoch: 4n, removes: true, nowMs: 1 }).use).toBe(5n);
  });
});

describe('which epochs are forgotten', () => {
  test('the old one 2 s after the switch, and once', () => {
    const epochs = started();
    epochs.began({ epoch: 6n, removes: true, nowMs: 100 });
    expect(epochs.tick(2_099).forget).toEqual([]);
    expect(epochs.tick(2_100)).toEqual({ use: 6n, forget: [5n], wakeAtMs: undefined });
    expect(epochs.tick(2_200).forget).toEqual([]);
  });

  test('one that was skipped as well', () => {
    const epochs = started();
    epochs.began({ epoch: 6n, removes: false, nowMs: 100 });
    epochs.began({ epoch: 7n, removes: true, nowMs: 200 });
    expect(epochs.tick(2_200).forget).toEqual([5n, 6n]);
  });

  test('the oldest at once when a ninth begins, and we are not left without a key', () => {
    const epochs = started();
    for (let epoch = 6n; epoch <= 12n; epoch += 1n) {
      expect(epochs.began({ epoch, removes: false, nowMs: 100 })).toMatchObject({ use: 5n, forget: [] });
    }
    expect(epochs.began({ epoch: 13n, removes: false, nowMs: 100 })).toMatchObject({ use: 6n, forget: [5n] });
  });
});

test('however epochs come: one key is in use, none goes back, 8 live at most, each is forgotten once', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('began'), skip: fc.bigInt({ min: 1n, max: 3n }), removes: fc.boolean() }),
    fc.record({ kind: fc.constant('ready'), back: fc.bigInt({ min: 0n, max: 3n }) }),
    fc.record({ kind: fc.constant('tick') }),
  );
  const steps = fc.array(fc.record({ step, afterMs: fc.nat(2_500) }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      const epochs = started();
      const live = new Set([5n]);
      let [newest, lastUse, nowMs] = [5n, 5n, 0];
      for (const { step, afterMs } of all) {
        nowMs += afterMs;
        const use: EpochUse = play(step);
        for (const epoch of use.forget) expect(live.delete(epoch)).toBe(true);
        expect(live.has(use.use ?? -1n)).toBe(true);
        expect((use.use ?? -1n) >= lastUse).toBe(true);
        expect(live.size).toBeLessThanOrEqual(8);
        expect(use.wakeAtMs ?? Infinity).toBeGreaterThan(nowMs);
        lastUse = use.use ?? -1n;
      }
      expect(epochs.tick(nowMs + 1_500).use).toBe(newest);
      epochs.tick(nowMs + 3_500);
      expect(epochs.tick(nowMs + 3_500).wakeAtMs).toBeUndefined();

      function play(each: (typeof all)[number]['step']): EpochUse {
        if ('back' in each) return epochs.ready(newest - each.back, nowMs);
        if (!('skip' in each)) return epochs.tick(nowMs);
        newest += each.skip;
        live.add(newest);
        return epochs.began({ epoch: newest, removes: each.removes, nowMs });
      }
    }),
  );
});
