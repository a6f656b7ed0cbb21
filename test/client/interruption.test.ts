import { describe, expect, test } from 'vitest';
import { Interruption } from '../../src/client/interruption.ts';
import { FakeClock } from '../support/fake-clock.ts';

function open() {
  const clock = new FakeClock();
  const told: string[] = [];
  const interruption = new Interruption(clock, { began: () => told.push('began'), ended: () => told.push('ended') });
  return { clock, told, interruption };
}

describe('an interruption', () => {
  test.each([0, 1_000, 1_999])('of %i ms is nobody’s business', (ms) => {
    const { clock, told, interruption } = open();
    interruption.dropped();
    clock.advance(ms);
    interruption.resumed();
    clock.advance(60_000);
    expect([told, interruption.isTold, clock.pending]).toEqual([[], false, 0]);
  });

  test('of two seconds is told, and so is its end', () => {
    const { clock, told, interruption } = open();
    interruption.dropped();
    clock.advance(2_000);
    expect([told, interruption.isTold]).toEqual([['began'], true]);
    interruption.resumed();
    expect([told, interruption.isTold]).toEqual([['began', 'ended'], false]);
  });

  test('whose session ended is told by whoever tells that', () => {
    const { clock, told, interruption } = open();
    interruption.dropped();
    clock.advance(2_000);
    interruption.close();
    interruption.resumed();
    expect([told, interruption.isTold]).toEqual([['began'], false]);
  });

  test('counts anew each time', () => {
    const { clock, told, interruption } = open();
    for (let time = 0; time < 5; time += 1) {
      interruption.dropped();
      clock.advance(1_500);
      interruption.resumed();
    }
    expect(told).toEqual([]);
  });
});
