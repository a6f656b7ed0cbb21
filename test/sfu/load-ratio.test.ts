import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LoadSample, NO_LOAD, nextLoadRatio } from '../../src/sfu/load-ratio.ts';

const LIMIT = 0.85;
const IDLE: LoadSample = { workers: [0, 0], mainThread: 0, peers: 0, consumers: 0 };

/** After so many of the same samples. */
function lasting(samples: number, sample: Partial<LoadSample>, before = NO_LOAD) {
  let load = before;
  for (let count = 0; count < samples; count += 1) load = nextLoadRatio(load, { ...IDLE, ...sample }, LIMIT);
  return load;
}

describe('how full a server is', () => {
  test.each([
    ['as full as its peers', { peers: 0.5 }, 0.5],
    ['as full as its consumers, when those are more', { peers: 0.5, consumers: 0.7 }, 0.7],
    ['no more than full', { consumers: 3 }, 1],
    ['empty', {}, 0],
  ] satisfies [string, Partial<LoadSample>, number][])('%s, at once', (_, sample, ratio) => {
    expect(lasting(1, sample).ratio).toBe(ratio);
  });

  test.each([
    ['as busy as its workers are together', { workers: [1, 0.4] }, 0.7],
    ['as busy as its main thread, when that is more', { workers: [0.2, 0.2], mainThread: 0.6 }, 0.6],
    ['full without a worker', { workers: [] }, 1],
  ] satisfies [string, Partial<LoadSample>, number][])('%s, when that lasts', (_, sample, ratio) => {
    expect(lasting(1, sample).ratio).toBeLessThan(ratio / 3);
    expect(lasting(60, sample).ratio).toBeCloseTo(ratio, 3);
  });

  test('full at the limit, and not full again until clearly below', () => {
    expect(lasting(1, { peers: 0.84 }).isFull).toBe(false);
    const full = lasting(1, { peers: 0.85 });
    expect(full.isFull).toBe(true);
    expect(lasting(1, { peers: 0.76 }, full).isFull).toBe(true);
    const relieved = lasting(1, { peers: 0.74 }, full);
    expect(relieved.isFull).toBe(false);
    expect(lasting(1, { peers: 0.8 }, relieved).isFull).toBe(false);
  });
});

const share = fc.double({ min: 0, max: 2, noNaN: true });
const sample = fc.record({
  workers: fc.array(share, { maxLength: 4 }),
  mainThread: share,
  peers: share,
  consumers: share,
});

describe('whatever is sampled', () => {
  test('the ratio is a share, and no less than what is counted', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 30 }), (samples) => {
        let load = NO_LOAD;
        for (const each of samples) {
          load = nextLoadRatio(load, each, LIMIT);
          expect(load.ratio).toBeLessThanOrEqual(1);
          expect(load.ratio).toBeGreaterThanOrEqual(Math.min(Math.max(each.peers, each.consumers), 1));
        }
      }),
    );
  });

  test('it does not flap: between two changes of mind the ratio has moved by the hysteresis', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        let load = NO_LOAD;
        let changedAt: number | undefined;
        for (const each of samples) {
          const next = nextLoadRatio(load, each, LIMIT);
          if (next.isFull !== load.isFull) {
            if (changedAt !== undefined) expect(Math.abs(next.ratio - changedAt)).toBeGreaterThan(0.0999);
            changedAt = next.isFull ? LIMIT : LIMIT - 0.1;
            expect(next.isFull ? next.ratio >= LIMIT : next.ratio < LIMIT - 0.0999).toBe(true);
          }
          load = next;
        }
      }),
    );
  });
});
