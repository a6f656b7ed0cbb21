import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TokenBucket } from '../../src/base/token-bucket.ts';
import { FakeClock } from '../support/fake-clock.ts';

describe('token bucket', () => {
  test('gives the burst at once, then nothing', () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, clock.nowMs());
    expect([1, 1, 1, 1].map((amount) => bucket.take(amount, clock.nowMs()))).toEqual([true, true, true, false]);
  });

  test('fills with time, to the burst and no further', () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, clock.nowMs());
    bucket.take(3, clock.nowMs());
    clock.advance(99);
    expect(bucket.take(1, clock.nowMs())).toBe(false);
    clock.advance(1);
    expect(bucket.take(1, clock.nowMs())).toBe(true);
    clock.advance(3_600_000);
    expect(bucket.take(4, clock.nowMs())).toBe(false);
    expect(bucket.take(3, clock.nowMs())).toBe(true);
  });

  test('a refused amount costs nothing', () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 5 }, 0);
    expect(bucket.take(6, 0)).toBe(false);
    expect(bucket.take(5, 0)).toBe(true);
  });

  test('time that goes backwards fills nothing', () => {
    const bucket = new TokenBucket({ perSecond: 1_000, burst: 1 }, 5_000);
    bucket.take(1, 5_000);
    expect(bucket.take(1, 4_000)).toBe(false);
  });

  test('over any time no more is taken than the burst and what the rate adds', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ waitMs: fc.nat(500), amount: fc.integer({ min: 1, max: 20 }) })), (requests) => {
        const bucket = new TokenBucket({ perSecond: 40, burst: 25 }, 0);
        let nowMs = 0;
        let taken = 0;
        for (const { waitMs, amount } of requests) {
          nowMs += waitMs;
          if (bucket.take(amount, nowMs)) taken += amount;
        }
        expect(taken).toBeLessThanOrEqual(25 + (nowMs / 1000) * 40 + 1e-6);
      }),
    );
  });
});
