import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMix } from '../../load/mix.ts';
import { type Crowd, planOf } from '../../load/plan.ts';

const CROWD: Crowd = { rooms: 2, participants: 3, publishers: 1, mix: parseMix('bot'), rampPerSecond: 2 };

describe('the plan', () => {
  test('fills rooms side by side, senders first, as fast as the ramp says', () => {
    expect(planOf(CROWD).map(({ name, room, publishes, atMs }) => [name, room, publishes, atMs])).toEqual([
      ['Sender 1.1', 0, true, 0],
      ['Sender 2.1', 1, true, 500],
      ['Viewer 1.2', 0, false, 1_000],
      ['Viewer 2.2', 1, false, 1_500],
      ['Viewer 1.3', 0, false, 2_000],
      ['Viewer 2.3', 1, false, 2_500],
    ]);
  });

  test('lets those send who have keys, where others have none', () => {
    const plan = planOf({ ...CROWD, rooms: 1, participants: 6, publishers: 2, mix: parseMix('rtp:2,bot:1') });
    expect(plan.filter(({ publishes }) => publishes).map(({ kind }) => kind)).toEqual(['bot', 'bot']);
  });

  test('has every room alike, and every id and name once', () => {
    const crowds = fc.record({
      rooms: fc.integer({ min: 1, max: 6 }),
      participants: fc.integer({ min: 1, max: 40 }),
      publishers: fc.integer({ min: 0, max: 40 }),
      mix: fc.constantFrom(parseMix('bot'), parseMix('browser:2,bot:5'), parseMix('rtp')),
      rampPerSecond: fc.double({ min: 0.1, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(crowds, (crowd) => {
        const plan = planOf(crowd);
        expect(plan.map(({ id }) => id)).toEqual(plan.map((_, at) => at));
        expect(new Set(plan.map(({ name }) => name)).size).toBe(plan.length);
        for (let room = 0; room < crowd.rooms; room += 1) {
          const inside = plan.filter((each) => each.room === room);
          expect(inside).toHaveLength(crowd.participants);
          expect(inside.filter(({ publishes }) => publishes)).toHaveLength(
            Math.min(crowd.publishers, crowd.participants),
          );
        }
      }),
    );
  });
});
