import { describe, expect, test } from 'vitest';
import { Pulse } from '../../src/client/pulse.ts';
import { FakeClock } from '../support/fake-clock.ts';

function open(idleTimeoutMs = 15_000) {
  const clock = new FakeClock();
  const told: string[] = [];
  const at = (what: string) => () => told.push(`${what} at ${clock.nowMs() - 1_000}`);
  const pulse = new Pulse({ clock, idleTimeoutMs, ping: at('ping'), silent: at('silent') });
  return { clock, told, pulse };
}

describe('a pulse', () => {
  test.each([
    [15_000, 5_000],
    [60_000, 5_000],
    [6_000, 2_000],
    [300, 1_000],
  ])('of an idle timeout of %i ms beats every %i ms', (idleTimeoutMs, periodMs) => {
    const { clock, told, pulse } = open(idleTimeoutMs);
    for (let beat = 0; beat < 3; beat += 1) {
      clock.advance(periodMs);
      pulse.heard();
    }
    expect(told).toEqual([1, 2, 3].map((beat) => `ping at ${beat * periodMs}`));
  });

  test('that is not answered for 4 s finds silence once, and beats no more', () => {
    const { clock, told } = open();
    clock.advance(60_000);
    expect(told).toEqual(['ping at 5000', 'silent at 9000']);
    expect(clock.pending).toBe(0);
  });

  test('counts from the first ping that was not answered, however many follow', () => {
    const { clock, told, pulse } = open();
    pulse.beat();
    clock.advance(2_000);
    pulse.beat();
    clock.advance(2_000);
    expect(told).toEqual(['ping at 0', 'ping at 2000', 'silent at 4000']);
  });

  test('heard in time starts anew: anything that comes is an answer', () => {
    const { clock, told, pulse } = open();
    pulse.beat();
    clock.advance(3_999);
    pulse.heard();
    clock.advance(5_000);
    expect(told).toEqual(['ping at 0', 'ping at 5000']);
    clock.advance(1);
    expect(told.at(-1)).toBe('silent at 9000');
  });

  test('what is heard unasked delays no ping and no silence', () => {
    const { clock, told, pulse } = open();
    clock.advance(4_999);
    pulse.heard();
    clock.advance(4_001);
    expect(told).toEqual(['ping at 5000', 'silent at 9000']);
  });

  test('that is closed leaves nothing running', () => {
    const { clock, told, pulse } = open();
    pulse.beat();
    pulse.close();
    clock.advance(60_000);
    expect([told, clock.pending]).toEqual([['ping at 0'], 0]);
  });
});
