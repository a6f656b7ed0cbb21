import { expect, test } from 'vitest';
import { JoinPace } from '../../../src/signaling/mls/join-pace.ts';

test('one who comes alone waits for 100 ms', () => {
  const pace = new JoinPace();
  expect(pace.windowEndMs(5_000)).toBe(5_100);
  pace.added(5_100);
  expect(pace.windowEndMs(5_300)).toBe(5_400);
});

test('in a crowd newcomers are gathered for 1.2 s from the last who came in', () => {
  const pace = new JoinPace();
  pace.added(5_000);
  pace.added(5_200);
  expect(pace.windowEndMs(5_210)).toBe(6_400);
  expect(pace.windowEndMs(6_390)).toBe(6_490);
});

test('the crowd is over when nobody came in for two seconds', () => {
  const pace = new JoinPace();
  for (const addedAtMs of [5_000, 5_200, 8_000]) pace.added(addedAtMs);
  expect(pace.windowEndMs(8_100)).toBe(8_200);
});

test('a hundred who come within ten seconds come in by some ten commits, the last within 1.5 s', () => {
  const pace = new JoinPace();
  const COMMIT_MS = 150;
  let commits = 0;
  let atMs = 0;
  let waiting: number[] = [];
  const joins = Array.from({ length: 100 }, (_, index) => index * 100);
  while (joins.length > 0 || waiting.length > 0) {
    const next = joins[0];
    const end = waiting[0] === undefined ? Number.POSITIVE_INFINITY : pace.windowEndMs(waiting[0]);
    if (next !== undefined && next <= Math.max(end, atMs)) {
      joins.shift();
      waiting.push(next);
      continue;
    }
    atMs = Math.max(end, atMs) + COMMIT_MS;
    pace.added(atMs);
    commits += 1;
    waiting = [];
  }
  expect(commits).toBeLessThanOrEqual(10);
  expect(atMs).toBeLessThanOrEqual(9_900 + 1_500);
});
