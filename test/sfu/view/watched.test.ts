import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Audience } from '../../../src/sfu/audience.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** An audience of a video of three layers, and what its sender was told, with the time since the start. */
function fixture() {
  const clock = new FakeClock();
  const startMs = clock.nowMs();
  const told: [number, number | undefined][] = [];
  const wanted = (layer: number | undefined) => told.push([clock.nowMs() - startMs, layer]);
  return { clock, told, audience: new Audience({ spatialLayers: 3, clock, wanted }) };
}

describe('layers that are watched', () => {
  test('are all of them at first; none after 5 s in which nobody came', () => {
    const { clock, told } = fixture();
    clock.advance(4_999);
    expect(told).toEqual([]);
    clock.advance(60_000);
    expect(told).toEqual([[5_000, undefined]]);
    expect(clock.pending).toBe(0);
  });

  test('go up at once, down after 5 s', () => {
    const { clock, told, audience } = fixture();
    audience.move(undefined, 0);
    clock.advance(7_000);
    audience.move(0, 2);
    clock.advance(1_000);
    audience.move(2, 1);
    clock.advance(10_000);
    audience.move(1, undefined);
    clock.advance(10_000);
    expect(told).toEqual([
      [5_000, 1],
      [7_000, 2],
      [13_000, 1],
      [23_000, undefined],
    ]);
  });

  test('stay when somebody looks away and back', () => {
    const { clock, told, audience } = fixture();
    audience.move(undefined, 2);
    for (let round = 0; round < 5; round += 1) {
      clock.advance(10_000);
      audience.move(2, undefined);
      clock.advance(4_999);
      audience.move(undefined, 2);
    }
    expect(told).toEqual([]);
  });

  test('are those of who watches the most', () => {
    const { clock, told, audience } = fixture();
    audience.move(undefined, 2);
    audience.move(undefined, 2);
    audience.move(undefined, 0);
    clock.advance(10_000);
    audience.move(2, undefined);
    clock.advance(10_000);
    expect(told).toEqual([]);
    audience.move(2, undefined);
    clock.advance(10_000);
    expect(told).toEqual([[25_000, 1]]);
  });

  test('are told no more once the video has closed', () => {
    const { clock, told, audience } = fixture();
    audience.close();
    audience.move(undefined, 1);
    clock.advance(10_000);
    expect(told).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('of the lowest keep the one above it ready', () => {
    const { clock, told, audience } = fixture();
    audience.move(undefined, 0);
    clock.advance(60_000);
    expect(told).toEqual([[5_000, 1]]);
  });

  test('what was told is never below what is watched, nor above what was in the last 5 s or is kept ready, and never the same twice', () => {
    const layer = fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined });
    const step = fc.record({ passedMs: fc.integer({ min: 0, max: 4_000 }), to: layer });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const { clock, told, audience } = fixture();
        const startMs = clock.nowMs();
        const rank = (each: number | undefined) => each ?? -1;
        const now = () => rank(told.length === 0 ? 2 : told.at(-1)?.[1]);
        const watched: [number, number][] = [[startMs, 2]];
        let at: number | undefined;
        for (const { passedMs, to } of steps) {
          clock.advance(passedMs);
          watched.push([clock.nowMs(), rank(at)]);
          audience.move(at, to);
          at = to;
          watched.push([clock.nowMs(), rank(at)]);
          expect(now()).toBeGreaterThanOrEqual(rank(at));
          const recent = watched
            .filter(([atMs]) => clock.nowMs() - atMs < 5_000)
            .map(([, each]) => (each < 0 ? each : Math.max(each, 1)));
          expect(now()).toBeLessThanOrEqual(Math.max(...recent));
        }
        const layers = told.map(([, each]) => each);
        expect(layers.filter((each, index) => index > 0 && each === layers[index - 1])).toEqual([]);
      }),
    );
  });
});
