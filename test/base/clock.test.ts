import { describe, expect, test } from 'vitest';
import { every } from '../../src/base/index.ts';
import { FakeClock } from '../support/fake-clock.ts';

describe('every', () => {
  test('runs at each period until it is stopped', () => {
    const clock = new FakeClock();
    const ranAtMs: number[] = [];
    const startMs = clock.nowMs();
    const stop = every(clock, 100, () => ranAtMs.push(clock.nowMs() - startMs));
    clock.advance(350);
    expect(ranAtMs).toEqual([100, 200, 300]);
    stop();
    clock.advance(1_000);
    expect(ranAtMs).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });

  test('may be stopped by its own action', () => {
    const clock = new FakeClock();
    let runs = 0;
    const stop = every(clock, 100, () => {
      runs += 1;
      stop();
    });
    clock.advance(1_000);
    expect(runs).toBe(1);
  });
});
