import { describe, expect, test } from 'vitest';
import { RefreshSchedule, refreshIntervalMs } from '../../../src/client/e2ee/refresh-schedule.ts';

const MINUTE_MS = 60_000;
const quiet = { framesOfOneKey: 0, codeRuns: false };

describe('when a leaf is refreshed', () => {
  test('within 5 min in small rooms, after half of it at the earliest', () => {
    const first = new RefreshSchedule(() => 0, { members: 3, nowMs: 0 });
    expect(first.ask({ ...quiet, nowMs: 0 })).toEqual({ refresh: false, wakeAtMs: 2.5 * MINUTE_MS });
    const last = new RefreshSchedule(() => 0.999, { members: 3, nowMs: 0 });
    expect(last.ask({ ...quiet, nowMs: 0 }).wakeAtMs).toBeLessThan(5 * MINUTE_MS);
  });

  test('so seldom in large rooms that all of them together stay below one commit per 2 s', () => {
    for (const members of [2, 50, 112, 113, 200, 1_000]) {
      const meanMs = refreshIntervalMs(members) * 0.75;
      expect(meanMs / members).toBeGreaterThanOrEqual(2_000);
    }
    expect(refreshIntervalMs(112)).toBe(5 * MINUTE_MS);
  });

  test('later when the room has grown meanwhile', () => {
    const schedule = new RefreshSchedule(() => 0, { members: 2, nowMs: 0 });
    schedule.epochBegan({ members: 450, byUs: false, nowMs: 1_000 });
    expect(schedule.ask({ ...quiet, nowMs: 2.5 * MINUTE_MS })).toEqual({ refresh: false, wakeAtMs: 10 * MINUTE_MS });
  });

  test('counted anew from a commit of our own, whatever it was for', () => {
    const schedule = new RefreshSchedule(() => 0, { members: 3, nowMs: 0 });
    schedule.epochBegan({ members: 3, byUs: true, nowMs: MINUTE_MS });
    expect(schedule.ask({ ...quiet, nowMs: MINUTE_MS }).wakeAtMs).toBe(3.5 * MINUTE_MS);
  });

  test('asked for once, and again 5 to 10 s later when another commit came first', () => {
    const schedule = new RefreshSchedule(() => 0.5, { members: 3, nowMs: 0 });
    const nowMs = 3.75 * MINUTE_MS;
    expect(schedule.ask({ ...quiet, nowMs })).toEqual({ refresh: true, wakeAtMs: nowMs + 7_500 });
    schedule.epochBegan({ members: 3, byUs: false, nowMs: nowMs + 100 });
    expect(schedule.ask({ ...quiet, nowMs: nowMs + 100 })).toEqual({ refresh: false, wakeAtMs: nowMs + 7_500 });
    expect(schedule.ask({ ...quiet, nowMs: nowMs + 7_500 }).refresh).toBe(true);
  });

  test('at 2^20 frames under one key, however early', () => {
    const schedule = new RefreshSchedule(() => 0, { members: 3, nowMs: 0 });
    expect(schedule.ask({ framesOfOneKey: 2 ** 20 - 1, codeRuns: false, nowMs: 1_000 }).refresh).toBe(false);
    expect(schedule.ask({ framesOfOneKey: 2 ** 20, codeRuns: true, nowMs: 1_000 }).refresh).toBe(true);
    expect(schedule.ask({ framesOfOneKey: 2 ** 20, codeRuns: false, nowMs: 1_001 }).refresh).toBe(false);
  });

  test('not in the middle of an emoji code, but 10 s later at the latest', () => {
    const schedule = new RefreshSchedule(() => 0, { members: 3, nowMs: 0 });
    const dueMs = 2.5 * MINUTE_MS;
    const held = schedule.ask({ framesOfOneKey: 0, codeRuns: true, nowMs: dueMs });
    expect(held).toEqual({ refresh: false, wakeAtMs: dueMs + 10_000 });
    expect(schedule.ask({ framesOfOneKey: 0, codeRuns: true, nowMs: dueMs + 10_000 }).refresh).toBe(true);
  });
});
