import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../src/base/index.ts';
import { holdEndsMs, nextSpeakers, type Speaker } from '../../src/sfu/speaker.ts';

const [ada, bob] = ['ada' as PeerId, 'bob' as PeerId];

interface Interval {
  readonly atMs: number;
  readonly levels: Readonly<Record<string, number>>;
}

function speakersAfter(intervals: readonly Interval[]): readonly Speaker[] {
  return intervals.reduce<readonly Speaker[]>((speakers, { atMs, levels }) => {
    const measured = Object.entries(levels).map(([peerId, levelDbov]) => ({ peerId: peerId as PeerId, levelDbov }));
    return nextSpeakers(speakers, measured, atMs);
  }, []);
}

const idsAfter = (...intervals: readonly Interval[]) => speakersAfter(intervals).map(({ peerId }) => peerId);

describe('who speaks', () => {
  test('nobody in a quiet room', () => {
    expect(idsAfter({ atMs: 0, levels: { ada: -75, bob: -51 } })).toEqual([]);
  });

  test('whoever is loud enough, loudest first', () => {
    expect(idsAfter({ atMs: 0, levels: { ada: -45, bob: -30 } })).toEqual([bob, ada]);
  });

  test('the soft end of a sentence does not end the speaking, but does not begin it either', () => {
    expect(idsAfter({ atMs: 0, levels: { ada: -30 } }, { atMs: 2_000, levels: { ada: -57, bob: -57 } })).toEqual([ada]);
  });

  test('a pause shorter than the hold keeps the mark', () => {
    expect(idsAfter({ atMs: 0, levels: { ada: -30 } }, { atMs: 999, levels: {} })).toEqual([ada]);
  });

  test('a pause as long as the hold ends it', () => {
    expect(idsAfter({ atMs: 0, levels: { ada: -30 } }, { atMs: 1_000, levels: {} })).toEqual([]);
  });

  test('two who are about as loud keep their order', () => {
    const levels = [-30, -34, -28, -33, -29];
    const intervals = levels.map((levelDbov, at) => ({ atMs: at * 300, levels: { ada: -31, bob: levelDbov } }));
    const orders = intervals.map((_, at) => idsAfter(...intervals.slice(0, at + 1)).join());
    expect(new Set(orders).size).toBe(1);
  });

  test('somebody clearly louder comes first within two seconds', () => {
    const both = Array.from({ length: 6 }, (_, at) => ({
      atMs: at * 300,
      levels: { ada: -45, bob: at === 0 ? -46 : -25 },
    }));
    expect(idsAfter(...both)).toEqual([bob, ada]);
  });

  test('the hold ends one second after the one heard longest ago', () => {
    const speakers = speakersAfter([
      { atMs: 100, levels: { ada: -30 } },
      { atMs: 400, levels: { bob: -30 } },
    ]);
    expect(holdEndsMs(speakers)).toBe(1_100);
    expect(holdEndsMs([])).toBeUndefined();
  });

  test('nobody is named twice, and only who was loud within the hold is named', () => {
    const level = fc.integer({ min: -127, max: 0 });
    const interval = fc.dictionary(fc.constantFrom('ada', 'bob', 'cleo', 'dan'), level);
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 12 }), (all) => {
        const intervals = all.map((levels, at) => ({ atMs: at * 300, levels }));
        const named = idsAfter(...intervals);
        const recent = intervals.filter(({ atMs }) => (all.length - 1) * 300 - atMs < 1_000);
        expect(new Set(named).size).toBe(named.length);
        for (const id of named) expect(recent.some(({ levels }) => (levels[id] ?? -127) >= -58)).toBe(true);
      }),
    );
  });
});
