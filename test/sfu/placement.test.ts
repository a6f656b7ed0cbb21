import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leastLoaded, type WorkerLoad } from '../../src/sfu/placement.ts';

const worker = (id: string, load: Partial<WorkerLoad>) => ({
  id,
  load: { routers: 0, transports: 0, producers: 0, consumers: 0, ...load },
});

describe('least loaded worker', () => {
  test('none of none', () => {
    expect(leastLoaded([])).toBeUndefined();
  });

  test('the one with the fewest consumers', () => {
    expect(leastLoaded([worker('busy', { consumers: 40 }), worker('calm', { consumers: 39 })])?.id).toBe('calm');
  });

  test('an empty room counts, so that rooms opened together spread', () => {
    expect(leastLoaded([worker('placed', { routers: 1 }), worker('empty', {})])?.id).toBe('empty');
  });

  test('the first of equals', () => {
    expect(leastLoaded([worker('a', {}), worker('b', {})])?.id).toBe('a');
  });

  test('empty rooms placed one after another differ by at most one among workers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 50 }), (workers, rooms) => {
        const loads = Array.from({ length: workers }, () => ({
          routers: 0,
          transports: 0,
          producers: 0,
          consumers: 0,
        }));
        for (let room = 0; room < rooms; room += 1) {
          const chosen = leastLoaded(loads.map((load) => ({ load })));
          if (chosen) chosen.load.routers += 1;
        }
        const routers = loads.map((load) => load.routers);
        expect(Math.max(...routers) - Math.min(...routers)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
