import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../../src/client/index.ts';
import { type Floor, floorAfter, LEAST_HOLD_MS, NO_FLOOR, OVERLAP_MS, TURN_MS } from '../../../web/stage/floor.ts';

const [ada, bela, chidi] = ['ada', 'bela', 'chidi'] as unknown as [PeerId, PeerId, PeerId];
const people = [ada, bela, chidi];
const LONG_MS = 60_000;

/** Ada has had the floor for a minute when it is `LONG_MS`. */
const ADAS: Floor = { holder: ada, sinceMs: 0 };

/** What becomes of it when that is heard at those times. */
const heardOn = (before: Floor, ...heard: readonly (readonly [number, ...PeerId[]])[]) =>
  heard.reduce((floor, [nowMs, ...speakers]) => floorAfter(floor, { speakers, people }, nowMs), before);

describe('the floor', () => {
  test('goes to the first who speaks, at once', () => {
    expect(heardOn(NO_FLOOR, [5, bela])).toEqual({ holder: bela, sinceMs: 5 });
  });

  test('stays with who spoke last while nobody speaks', () => {
    expect(heardOn(ADAS, [LONG_MS], [2 * LONG_MS])).toBe(ADAS);
  });

  test('is not taken by a cough', () => {
    expect(heardOn(ADAS, [LONG_MS, bela], [LONG_MS + TURN_MS - 1, bela], [LONG_MS + TURN_MS])).toEqual(ADAS);
  });

  test('goes to who answers, when they have spoken for a second', () => {
    const asked = heardOn(ADAS, [LONG_MS, bela]);
    expect(asked.challenger?.dueMs).toBe(LONG_MS + TURN_MS);
    expect(heardOn(asked, [LONG_MS + TURN_MS, bela]).holder).toBe(bela);
  });

  test('stays longer with who still speaks', () => {
    const both = heardOn(ADAS, [LONG_MS, bela, ada]);
    expect(heardOn(both, [LONG_MS + TURN_MS, bela, ada]).holder).toBe(ada);
    expect(heardOn(both, [LONG_MS + OVERLAP_MS, bela, ada]).holder).toBe(bela);
  });

  test('another challenger begins anew', () => {
    expect(heardOn(ADAS, [LONG_MS, bela], [LONG_MS + 900, chidi], [LONG_MS + TURN_MS, chidi]).holder).toBe(ada);
  });

  test('is kept for a while, however fast people answer', () => {
    const taken = heardOn(NO_FLOOR, [0, ada], [100, bela]);
    expect(taken.challenger?.dueMs).toBe(LEAST_HOLD_MS);
  });

  test('of who left goes to who speaks, or to nobody', () => {
    const gone = (speakers: readonly PeerId[]) => floorAfter(ADAS, { speakers, people: [bela, chidi] }, LONG_MS);
    expect(gone([chidi]).holder).toBe(chidi);
    expect(gone([])).toEqual(NO_FLOOR);
  });

  test('is never oneself, nor who only listens', () => {
    expect(floorAfter(NO_FLOOR, { speakers: [ada, bela], people: [bela] }, 0).holder).toBe(bela);
  });

  test('changes hands no more often than it may, whatever is heard', () => {
    const heard = fc.record({ laterMs: fc.integer({ min: 0, max: 2_000 }), speakers: fc.shuffledSubarray(people) });
    fc.assert(
      fc.property(fc.array(heard, { maxLength: 60 }), (moments) => {
        let nowMs = 0;
        let floor = NO_FLOOR;
        for (const { laterMs, speakers } of moments) {
          nowMs += laterMs;
          const next = floorAfter(floor, { speakers, people }, nowMs);
          if (floor.holder !== undefined && next.holder !== floor.holder)
            expect(nowMs - floor.sinceMs).toBeGreaterThanOrEqual(LEAST_HOLD_MS);
          if (next.challenger) expect(next.challenger.dueMs).toBeGreaterThan(nowMs);
          floor = next;
        }
      }),
    );
  });
});
