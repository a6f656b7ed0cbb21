import { describe, expect, test } from 'vitest';
import { earlyDeaths, restartDelayMs } from '../../src/sfu/back-off.ts';

describe('back-off of a dying worker', () => {
  test('a worker that lived long is replaced at once, whatever came before', () => {
    expect(restartDelayMs(earlyDeaths(7, 30_000))).toBe(0);
  });

  test('so is one after its first early death', () => {
    expect(restartDelayMs(earlyDeaths(0, 10))).toBe(0);
  });

  test('then the pause doubles from 250 ms to 10 s', () => {
    let deaths = 1;
    const delaysMs = Array.from({ length: 8 }, () => {
      deaths = earlyDeaths(deaths, 10);
      return restartDelayMs(deaths);
    });
    expect(delaysMs).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });
});
