import { describe, expect, test } from 'vitest';
import { SealingWatchdog } from '../../../src/client/e2ee/sealing-watchdog.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { settled } from '../../support/settled.ts';

function open() {
  const clock = new FakeClock();
  const seen = { unsealed: 0 };
  const watchdog = new SealingWatchdog(clock, () => {
    seen.unsealed += 1;
  });
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) {
      clock.advance(500);
      await settled();
    }
  };
  return { clock, watchdog, seen, pass };
}

describe('a sender that is watched', () => {
  test('barks once when packets go out for 2 s and the transform saw nothing', async () => {
    const { watchdog, seen, pass, clock } = open();
    watchdog.watch(1, async () => 5);
    await pass(2_000);
    expect(seen.unsealed).toBe(0);
    await pass(10_000);
    expect([seen.unsealed, clock.pending]).toEqual([1, 0]);
  });

  test('may be silent for as long as it likes', async () => {
    const { watchdog, seen, pass } = open();
    let sent = 0;
    watchdog.watch(1, async () => sent);
    await pass(20_000);
    sent = 1;
    await pass(2_000);
    expect(seen.unsealed).toBe(0);
    await pass(1_000);
    expect(seen.unsealed).toBe(1);
  });

  test.each([
    ['a frame was seen', (watchdog: SealingWatchdog) => watchdog.seen(1)],
    ['the watchdog is closed', (watchdog: SealingWatchdog) => watchdog.close()],
  ])('is left alone once %s', async (_, end) => {
    const { watchdog, seen, pass, clock } = open();
    watchdog.watch(1, async () => 5);
    await pass(1_000);
    end(watchdog);
    await pass(5_000);
    expect([seen.unsealed, clock.pending]).toEqual([0, 0]);
  });

  test('is forgotten when it is gone, and others are not', async () => {
    const { watchdog, seen, pass, clock } = open();
    watchdog.watch(1, () => Promise.reject(new Error('gone')));
    watchdog.watch(2, async () => 5);
    await pass(500);
    expect(clock.pending).toBe(1);
    await pass(2_500);
    expect(seen.unsealed).toBe(1);
  });
});
