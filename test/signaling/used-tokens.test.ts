import { describe, expect, test } from 'vitest';
import { UsedTokens } from '../../src/signaling/used-tokens.ts';

describe('used tokens', () => {
  test('the second use is seen', () => {
    const used = new UsedTokens();
    expect(used.use('a', 100, 0)).toBe('first-use');
    expect(used.use('a', 100, 1)).toBe('used');
    expect(used.use('b', 100, 1)).toBe('first-use');
  });

  test('one is remembered until its time and forgotten after it', () => {
    const used = new UsedTokens();
    used.use('a', 100, 0);
    expect(used.use('a', 100, 100)).toBe('used');
    for (let nowS = 101; nowS < 100_000; nowS += 10) used.use(`t${nowS}`, nowS + 300, nowS);
    expect(used.size).toBeLessThan(50); // 360 s of one every 10 s, and what the last sweep left
  });
});
