import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../../src/base/index.ts';
import { type Named, nextNamed } from '../../../src/sfu/view/named.ts';
import { type Plan, plan, REST_MS, type RestingService, type Service } from '../../../src/sfu/view/plan.ts';
import type { Wanted } from '../../../src/sfu/view/view.ts';

const small: Wanted = { spatialLayer: 0, priority: 1 };
const large: Wanted = { spatialLayer: 2, priority: 1 };
const atRest: Wanted = { spatialLayer: 0, priority: undefined };
const MAX_RESTING = 4;

const shown = (wanted: Wanted): Service => ({ wanted, restsSinceMs: undefined });
const resting = (restsSinceMs: number, wanted: Wanted = atRest): RestingService => ({ wanted, restsSinceMs });

interface Scene {
  readonly wanted?: Record<string, Wanted>;
  readonly named?: Record<string, RestingService>;
  readonly existing?: Record<string, Service>;
}

const planned = ({ wanted = {}, named = {}, existing = {} }: Scene, nowMs: number) =>
  plan(
    {
      wanted: new Map(Object.entries(wanted)),
      named: new Map(Object.entries(named)),
      existing: new Map(Object.entries(existing)),
      maxResting: MAX_RESTING,
    },
    nowMs,
  );

const NOTHING: Plan<string> = { close: [], open: [], pause: [], resume: [], relayer: [], wakeAtMs: undefined };

describe('a plan', () => {
  test('opens what is shown, re-layers what is shown otherwise, leaves the rest', () => {
    const existing = { same: shown(small), larger: shown(small) };
    expect(planned({ wanted: { same: small, larger: large, missing: small }, existing }, 0)).toEqual({
      ...NOTHING,
      open: [['missing', shown(small)]],
      relayer: [['larger', large]],
    });
  });

  test('lets what leaves the screen rest, and closes it after 10 s', () => {
    const existing = { gone: shown(large) };
    expect(planned({ existing }, 5_000)).toEqual({ ...NOTHING, pause: [['gone', 5_000]], wakeAtMs: 15_000 });
    const later = { gone: resting(5_000, large) };
    expect(planned({ existing: later }, 14_999)).toEqual({ ...NOTHING, wakeAtMs: 15_000 });
    expect(planned({ existing: later }, 15_000)).toEqual({ ...NOTHING, close: ['gone'] });
  });

  test('resumes what is shown again, with its layer', () => {
    expect(planned({ wanted: { back: large }, existing: { back: resting(0) } }, 9_000)).toEqual({
      ...NOTHING,
      resume: [['back', large]],
    });
  });

  test('opens neighbours at rest, for 10 s from when they were first named', () => {
    const named = { next: resting(2_000) };
    expect(planned({ named }, 2_000)).toEqual({ ...NOTHING, open: [['next', resting(2_000)]], wakeAtMs: 12_000 });
    expect(planned({ named, existing: named }, 11_999)).toEqual({ ...NOTHING, wakeAtMs: 12_000 });
    expect(planned({ named, existing: named }, 12_000)).toEqual({ ...NOTHING, close: ['next'] });
    expect(planned({ named }, 12_000)).toEqual(NOTHING);
  });

  test('keeps a neighbour that was a tile for 10 s from then, although it was named before', () => {
    const existing = { both: shown(small) };
    expect(planned({ named: { both: resting(0) }, existing }, 9_000).pause).toEqual([['both', 9_000]]);
  });

  test('lets no more rest than may; those that have for longest go first, and nearer neighbours stay', () => {
    const existing = { oldest: resting(0), older: resting(1), left: shown(small) };
    const named = { first: resting(2), second: resting(2), third: resting(2) };
    const steps = planned({ named, existing }, 3);
    expect(steps.close).toEqual(['oldest', 'older']);
    expect(steps.pause).toEqual([['left', 3]]);
    expect(steps.open.map(([name]) => name)).toEqual(['first', 'second', 'third']);
    const crowded = planned({ named: { ...named, fourth: resting(2) }, existing }, 3);
    expect(crowded.open.map(([name]) => name)).toEqual(['first', 'second', 'third']);
  });
});

describe('named neighbours', () => {
  const ada = { peerId: 'ada' as PeerId, source: 'camera' as const };

  test('are named since the first view of those that go on naming them', () => {
    const none: ReadonlyMap<string, Named> = new Map();
    const first = nextNamed([ada], none, 1_000);
    const second = nextNamed([ada], first, 2_000);
    expect([...second.values()]).toEqual([{ ...ada, sinceMs: 1_000 }]);
    expect([...nextNamed([ada], nextNamed([], second, 3_000), 4_000).values()]).toEqual([{ ...ada, sinceMs: 4_000 }]);
  });
});

describe('any sequence of views', () => {
  const name = fc.constantFrom(...'abcdefghij');
  const step = fc.record({
    passedMs: fc.integer({ min: 0, max: 6_000 }),
    tiles: fc.dictionary(name, fc.constantFrom(small, large), { maxKeys: 6 }),
    neighbours: fc.uniqueArray(name, { maxLength: 8 }),
  });

  /** Carries plans out on consumers that exist only as their services. */
  function run(steps: readonly { passedMs: number; tiles: Record<string, Wanted>; neighbours: string[] }[]) {
    let nowMs = 0;
    let existing = new Map<string, Service>();
    let named = new Map<string, RestingService>();
    return steps.map(({ passedMs, tiles, neighbours }) => {
      nowMs += passedMs;
      const ready = neighbours.filter((each) => !(each in tiles));
      named = new Map(ready.map((each) => [each, named.get(each) ?? resting(nowMs)]));
      const needs = { wanted: new Map(Object.entries(tiles)), named, maxResting: MAX_RESTING };
      const steps = plan({ ...needs, existing }, nowMs);
      existing = carriedOut(existing, steps);
      return { nowMs, tiles, steps, existing, again: plan({ ...needs, existing }, nowMs) };
    });
  }

  function carriedOut(before: ReadonlyMap<string, Service>, steps: Plan<string>): Map<string, Service> {
    const after = new Map(before);
    for (const name of steps.close) expect(after.delete(name)).toBe(true);
    for (const [name, sinceMs] of steps.pause) after.set(name, resting(sinceMs, after.get(name)?.wanted));
    for (const [name, wanted] of [...steps.relayer, ...steps.resume]) {
      expect(after.has(name)).toBe(true);
      after.set(name, shown(wanted));
    }
    for (const [name, service] of steps.open) {
      expect(after.has(name)).toBe(false);
      after.set(name, service);
    }
    return after;
  }

  test('shows every tile as it is wanted, and never lets one rest', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        for (const { tiles, existing } of run(steps))
          for (const [name, wanted] of Object.entries(tiles)) expect(existing.get(name)).toEqual(shown(wanted));
      }),
    );
  });

  test('keeps no more than the tiles and those that may rest', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        for (const { tiles, existing } of run(steps))
          expect(existing.size).toBeLessThanOrEqual(Object.keys(tiles).length + MAX_RESTING);
      }),
    );
  });

  test('is settled by one plan: the same view again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        for (const { again, steps: made } of run(steps)) expect(again).toEqual({ ...NOTHING, wakeAtMs: made.wakeAtMs });
      }),
    );
  });

  test('lets nothing rest for longer than 10 s, and says when to look again', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        for (const { nowMs, existing, steps: made } of run(steps)) {
          const since = [...existing.values()].flatMap(({ restsSinceMs }) => restsSinceMs ?? []);
          for (const sinceMs of since) expect(nowMs - sinceMs).toBeLessThan(REST_MS);
          expect(made.wakeAtMs).toBe(since.length === 0 ? undefined : Math.min(...since) + REST_MS);
        }
      }),
    );
  });
});
