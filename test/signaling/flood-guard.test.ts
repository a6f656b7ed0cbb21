import { describe, expect, test } from 'vitest';
import { FloodGuard } from '../../src/signaling/flood-guard.ts';

const limits = {
  frames: { perSecond: 1, burst: 2 },
  bytes: { perSecond: 10, burst: 100 },
  commitBytes: { perSecond: 1_000, burst: 200_000 },
  refusals: { perSecond: 1, burst: 2 },
};

describe('flood guard', () => {
  test('admits, refuses, then calls it a flood', () => {
    const guard = new FloodGuard(limits, 0);
    expect([1, 2, 3, 4, 5].map(() => guard.admit(1, 0))).toEqual([
      'admitted',
      'admitted',
      'refused',
      'refused',
      'flooding',
    ]);
  });

  test('bytes count as well as frames', () => {
    const guard = new FloodGuard(limits, 0);
    expect(guard.admit(101, 0)).toBe('refused');
    expect(guard.admit(100, 0)).toBe('admitted');
  });

  test('frames that only commits may have are counted apart', () => {
    const guard = new FloodGuard(limits, 0);
    expect(guard.admit(130_000, 0)).toBe('admitted');
    expect(guard.admit(130_000, 0)).toBe('refused');
    const later = new FloodGuard(limits, 0);
    expect([later.admit(100, 0), later.admit(130_000, 0)]).toEqual(['admitted', 'admitted']);
  });

  test('a client that slows down is admitted again', () => {
    const guard = new FloodGuard(limits, 0);
    for (let frame = 0; frame < 4; frame += 1) guard.admit(1, 0);
    expect(guard.admit(1, 1_000)).toBe('admitted');
  });
});
