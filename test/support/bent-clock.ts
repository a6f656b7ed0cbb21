import { type Clock, systemClock } from '../../src/base/index.ts';

/** The system's clock, on which some delays take another time: what would be too long for a test, or too short to see. */
export function bentClock(otherMs: Readonly<Record<number, number>>): Clock {
  return {
    nowMs: systemClock.nowMs,
    after: (delayMs, action) => systemClock.after(otherMs[delayMs] ?? delayMs, action),
  };
}
