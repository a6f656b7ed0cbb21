import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextPathState, type PathNews, type PathState } from '../../src/client/path-state.ts';

const carrying: PathState = { kind: 'carrying' };
const restarting = (restarts: number): PathState => ({ kind: 'restarting', restarts });
const broken: PathState = { kind: 'broken' };
const NEWS = ['connected', 'lost', 'failed', 'overdue', 'network-changed'] as const satisfies readonly PathNews[];

describe('the state of a path', () => {
  test.each<[PathState, PathNews, PathState]>([
    [carrying, 'lost', restarting(1)],
    [carrying, 'failed', restarting(1)],
    [carrying, 'network-changed', restarting(1)],
    [carrying, 'connected', carrying],
    [restarting(1), 'connected', carrying],
    [restarting(1), 'failed', restarting(2)],
    [restarting(1), 'overdue', restarting(2)],
    [restarting(2), 'failed', broken],
    [restarting(2), 'overdue', broken],
    [restarting(2), 'network-changed', restarting(1)],
    [broken, 'network-changed', broken],
    [broken, 'connected', broken],
  ])('%j, %s: %j', (state, news, next) => {
    expect(nextPathState(state, news)).toEqual(next);
  });

  test('lost while it restarts asks for nothing more: the restart is the answer', () => {
    const state = restarting(1);
    expect(nextPathState(state, 'lost')).toBe(state);
  });

  test('a change of network while one restarts asks for another: the first was from the old one', () => {
    const state = restarting(1);
    expect(nextPathState(state, 'network-changed')).not.toBe(state);
  });

  test('never more than two restarts in a row without success on one network', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...NEWS)), (story) => {
        let state: PathState = carrying;
        let inRow = 0;
        for (const news of story) {
          const next = nextPathState(state, news);
          if (news === 'connected' || news === 'network-changed') inRow = 0;
          if (next !== state && next.kind === 'restarting') inRow += 1;
          expect(inRow).toBeLessThanOrEqual(2);
          state = next;
        }
      }),
    );
  });
});
