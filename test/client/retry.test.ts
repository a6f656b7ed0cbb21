import { describe, expect, test } from 'vitest';
import { retryDelayMs } from '../../src/client/retry.ts';

describe('the wait before the next try', () => {
  test.each([
    ['nothing failed yet: at once, spread over 100 ms', 0, 0, 100],
    ['one failure', 1, 250, 500],
    ['two', 2, 500, 1_000],
    ['three', 3, 1_000, 2_000],
    ['four', 4, 2_000, 4_000],
    ['five: the ceiling', 5, 2_500, 5_000],
    ['and it stays there', 1_000, 2_500, 5_000],
  ])('%s', (_, failures, leastMs, mostMs) => {
    expect(retryDelayMs(failures, 0)).toBe(leastMs);
    expect(retryDelayMs(failures, 0.5)).toBe((leastMs + mostMs) / 2);
    expect(retryDelayMs(failures, 1)).toBe(mostMs);
  });
});
