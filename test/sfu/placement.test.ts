import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NOTHING_CARRIED, placePeer, type WorkerLoad, weightOf } from '../../src/sfu/placement.ts';

const worker = (id: string, load: Partial<WorkerLoad>) => ({ id, load: { ...NOTHING_CARRIED, ...load } });
type Worker = ReturnType<typeof worker>;

/** Where a peer goes whose room is on the workers named so. */
const placed = (workers: readonly Worker[], space: number, ...room: string[]) =>
  placePeer(workers, ({ id }) => room.includes(id), space)?.id;

describe('the worker for a peer', () => {
  test('is none of none', () => {
    expect(placed([], 10)).toBeUndefined();
  });

  const calm = worker('calm', { consumers: 39 });
  const busy = worker('busy', { consumers: 40 });
  const crowded = worker('crowded', { consumers: 10, waiting: 3 });
  test.each([
    ['a new room goes where least is', [busy, calm], 100, [], 'calm'],
    ['the first of equals', [worker('a', {}), worker('b', {})], 100, [], 'a'],
    ['its room stays on its worker while that has space', [busy, calm], 41, ['busy'], 'busy'],
    ['its room goes on elsewhere when that is full', [busy, calm], 40, ['busy'], 'calm'],
    ['on the calmest of those that the room is on', [worker('c', {}), busy, calm], 100, ['busy', 'calm'], 'calm'],
    ['when all are full, where least is', [busy, calm], 10, ['busy'], 'calm'],
    ['when all are full and equal, where the room is', [worker('a', busy.load), busy], 10, ['busy'], 'busy'],
    ['what rests weighs nothing', [worker('rests', { consumers: 60, resting: 30 }), calm], 100, [], 'rests'],
    ['who receives nothing yet counts for what it will', [crowded, calm], 100, [], 'calm'],
    ['who receives nothing yet fills a worker', [crowded, calm], 40, ['crowded'], 'calm'],
  ] satisfies [string, Worker[], number, string[], string][])('%s', (_, workers, space, room, expected) => {
    expect(placed(workers, space, ...room)).toBe(expected);
  });
});

const loads = fc.array(
  fc.record({ consumers: fc.integer({ min: 0, max: 999 }), waiting: fc.integer({ min: 0, max: 9 }) }),
  {
    minLength: 1,
    maxLength: 8,
  },
);

describe('whatever the loads', () => {
  test('no peer leaves the workers of its room while one of them has space, nor goes to a full one while there is another', () => {
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 600 }), fc.integer({ min: 0, max: 255 }), (some, space, bits) => {
        const workers = some.map((load, at) => worker(`${at}`, load));
        const carries = ({ id }: Worker) => (bits & (1 << Number(id))) !== 0;
        const chosen = placePeer(workers, carries, space);
        const hasSpace = ({ load }: Worker) => weightOf(load) < space;
        if (!chosen) throw new Error('there is a worker');
        if (workers.some((each) => carries(each) && hasSpace(each))) expect(carries(chosen)).toBe(true);
        if (workers.some(hasSpace)) expect(hasSpace(chosen)).toBe(true);
      }),
    );
  });

  test('rooms that open at the same moment differ by at most one among workers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 50 }), (count, rooms) => {
        const waiting = Array.from({ length: count }, () => 0);
        for (let room = 0; room < rooms; room += 1) {
          const workers = waiting.map((each, at) => worker(`${at}`, { waiting: each }));
          const chosen = Number(placed(workers, 500));
          waiting[chosen] = (waiting[chosen] ?? 0) + 1;
        }
        expect(Math.max(...waiting) - Math.min(...waiting)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('a crowd that comes into one room fills one worker after another, and then all alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 100 }), (count, crowd) => {
        const waiting = Array.from({ length: count }, () => 0);
        for (let peer = 0; peer < crowd; peer += 1) {
          const workers = waiting.map((each, at) => worker(`${at}`, { waiting: each }));
          const room = workers.filter(({ load }) => load.waiting > 0).map(({ id }) => id);
          const chosen = Number(placed(workers, 96, ...room));
          waiting[chosen] = (waiting[chosen] ?? 0) + 1;
        }
        // 8 that wait weigh 96.
        const carrying = waiting.filter((each) => each > 0);
        expect(carrying.length).toBe(Math.min(count, Math.ceil(crowd / 8)));
        if (carrying.length === count && crowd > count * 8)
          expect(Math.max(...waiting) - Math.min(...waiting)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
