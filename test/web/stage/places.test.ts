import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../../src/client/index.ts';
import { NO_PLACES, type Places, placesAfter, type Seating } from '../../../web/stage/places.ts';

const ids = (names: string) => [...names] as unknown as readonly PeerId[];
const seating = (people: string, { speakers = '', holder = '', seats = 3 } = {}): Seating => ({
  people: ids(people),
  speakers: ids(speakers),
  holder: ids(holder)[0],
  seats,
});
const CALL: Places = placesAfter(NO_PLACES, seating('abcdef'));

describe('places', () => {
  test.each<[string, Places, Seating, string]>([
    ['begin in order of arrival', NO_PLACES, seating('abc'), 'abc'],
    ['stay when nobody speaks out of sight', CALL, seating('abcdef', { holder: 'b', speakers: 'b' }), 'abcdef'],
    [
      'change for who speaks on another page, with who came last',
      CALL,
      seating('abcdef', { holder: 'e', speakers: 'e' }),
      'abedcf',
    ],
    ['never with who speaks now', CALL, seating('abcdef', { holder: 'e', speakers: 'ec' }), 'aecdbf'],
    [
      'even where all speak, the floor is in sight',
      CALL,
      seating('abcdef', { holder: 'e', speakers: 'eabc' }),
      'abedcf',
    ],
    ['lose who leaves, and no other order', CALL, seating('abdef'), 'abdef'],
    ['have newcomers at the end', CALL, seating('abcdefg'), 'abcdefg'],
    [
      'of a strip are changed by the large one and who was large before',
      CALL,
      seating('abcdef', { holder: 'd', seats: 1 }),
      'dbcaef',
    ],
  ])('%s', (_, before, next, order) => {
    expect(placesAfter(before, next).order.join('')).toBe(order);
  });

  test('who was heard lately keeps theirs', () => {
    const spoke = (before: Places, holder: string) =>
      placesAfter(before, seating('abcdef', { holder, speakers: holder }));
    const heard = ['c', 'b', 'a'].reduce(spoke, CALL);
    expect(spoke(heard, 'f').order.join('')).toBe('abfdec');
  });

  test('nothing new is the same object, so that nothing is drawn anew', () => {
    expect(placesAfter(CALL, seating('abcdef'))).toBe(CALL);
  });

  test('at most two move at a time, and nobody is lost', () => {
    const moments = fc.array(fc.record({ holder: fc.constantFrom(...'abcdef'), speakers: fc.subarray([...'abcdef']) }));
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 6 }), (heard, seats) => {
        let places = CALL;
        for (const { holder, speakers } of heard) {
          const next = placesAfter(places, seating('abcdef', { holder, speakers: speakers.join(''), seats }));
          expect(next.order.filter((id, at) => id !== places.order[at]).length).toBeLessThanOrEqual(2);
          expect([...next.order].sort()).toEqual(ids('abcdef'));
          expect(next.order.indexOf(holder as unknown as PeerId)).toBeLessThan(seats);
          places = next;
        }
      }),
    );
  });
});
