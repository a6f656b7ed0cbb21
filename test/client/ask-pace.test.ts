import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MemberId } from '../../src/base/index.ts';
import { ASK_PAUSE_MS, AskPace } from '../../src/client/ask-pace.ts';

test('of what one member asks, two asks that count are ten seconds apart; what others ask makes no difference', () => {
  const asks = fc.array(fc.record({ member: fc.constantFrom('ann', 'bob', 'cleo'), afterMs: fc.nat(6_000) }));
  fc.assert(
    fc.property(asks, (list) => {
      const pace = new AskPace();
      const lastMs = new Map<string, number>();
      let nowMs = 0;
      for (const { member, afterMs } of list) {
        nowMs += afterMs;
        const expected = nowMs - (lastMs.get(member) ?? Number.NEGATIVE_INFINITY) >= ASK_PAUSE_MS;
        expect(pace.take(member as MemberId, nowMs)).toBe(expected);
        if (expected) lastMs.set(member, nowMs);
      }
    }),
  );
});
