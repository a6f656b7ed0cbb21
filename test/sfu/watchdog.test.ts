import { describe, expect, test } from 'vitest';
import { watch } from '../../src/sfu/watchdog.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** Lets the answers that are due arrive. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function watched(ping: () => Promise<unknown>) {
  const clock = new FakeClock();
  const hung: number[] = [];
  const startMs = clock.nowMs();
  const stop = watch(clock, ping, () => hung.push(clock.nowMs() - startMs));
  return { clock, hung, stop };
}

describe('watchdog', () => {
  test('leaves alone who answers, even by failing', async () => {
    for (const ping of [() => Promise.resolve(), () => Promise.reject(new Error('closed'))]) {
      const { clock, hung } = watched(ping);
      for (let beat = 0; beat < 40; beat += 1) {
        clock.advance(250);
        await settled();
      }
      expect(hung).toEqual([]);
    }
  });

  test('says once, 1.5 s after the last answer, that nobody answers', () => {
    const { clock, hung } = watched(() => new Promise(() => undefined));
    clock.advance(60_000);
    expect(hung).toEqual([1_500]);
    expect(clock.pending).toBe(0);
  });

  test('an answer that comes late, but in time, counts', async () => {
    let answer: () => void = () => undefined;
    const { clock, hung } = watched(() => new Promise<void>((resolve) => (answer = resolve)));
    for (let round = 0; round < 5; round += 1) {
      clock.advance(1_250);
      answer();
      await settled();
    }
    expect(hung).toEqual([]);
  });

  test('a stopped watch says nothing and holds no timer', () => {
    const { clock, hung, stop } = watched(() => new Promise(() => undefined));
    clock.advance(1_400);
    stop();
    clock.advance(60_000);
    expect(hung).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
