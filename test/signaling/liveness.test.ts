import { describe, expect, test } from 'vitest';
import { Liveness } from '../../src/signaling/liveness.ts';
import { FakeClock } from '../support/fake-clock.ts';

function open() {
  const clock = new FakeClock();
  const seen: string[] = [];
  const liveness = new Liveness(clock, 15_000, { quiet: () => seen.push('quiet'), dead: () => seen.push('dead') });
  return { clock, seen, liveness };
}

describe('liveness', () => {
  test('a socket that stays silent is pinged, and dead after 15 to 18 s', () => {
    const { clock, seen } = open();
    clock.advance(14_999);
    expect(seen).toEqual(['quiet', 'quiet', 'quiet', 'quiet']);
    clock.advance(3_000);
    expect(seen.at(-1)).toBe('dead');
  });

  test('one that speaks every 5 s never dies', () => {
    const { clock, seen, liveness } = open();
    for (let round = 0; round < 100; round += 1) {
      clock.advance(5_000);
      liveness.heard();
    }
    expect(seen).not.toContain('dead');
  });

  test('nothing runs after it closed', () => {
    const { clock, liveness } = open();
    liveness.close();
    expect(clock.pending).toBe(0);
  });
});
