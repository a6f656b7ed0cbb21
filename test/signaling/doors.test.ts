import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallError, type DeviceId, type PeerId, type RoomId, type UserId } from '../../src/base/index.ts';
import { Doors, type Guest } from '../../src/signaling/doors.ts';
import type { SentServerMessage } from '../../src/wire/index.ts';

interface Visitor extends Guest {
  readonly facts: SentServerMessage[];
  removed: number;
}

/** A guest who is in the room as soon as the door lets it in, under its user's name. */
function visitor(user: string, { moderator = true, device = 'phone', room = 'r' } = {}): Visitor {
  const ids = { room: room as RoomId, sub: user as UserId, device: device as DeviceId };
  const facts: SentServerMessage[] = [];
  return {
    claims: { ...ids, jti: 'j', iat: 0, exp: 0, role: 'speaker', moderator },
    peerId: `${user}-${device}` as PeerId,
    facts,
    removed: 0,
    tell: (fact) => facts.push(fact),
    remove() {
      this.removed += 1;
    },
  };
}

const outcome = (act: () => unknown): string => {
  try {
    act();
    return 'done';
  } catch (error) {
    if (error instanceof CallError) return error.code;
    throw error;
  }
};
const enters = (doors: Doors, guest: Guest) => outcome(() => doors.enter(guest));
const idOf = ({ peerId }: Guest) => peerId as PeerId;

describe('a locked door', () => {
  test('keeps out who is new, and lets back in who was there before', () => {
    const doors = new Doors();
    const [ann, bob] = [visitor('ann'), visitor('bob')];
    for (const guest of [ann, bob]) doors.enter(guest);
    doors.setLocked(ann, true);
    expect(enters(doors, visitor('cleo'))).toBe('room-locked');
    expect(enters(doors, visitor('bob', { device: 'laptop' }))).toBe('room-locked');
    doors.leave(bob);
    expect(enters(doors, visitor('bob'))).toBe('done');
    doors.setLocked(ann, false);
    expect(enters(doors, visitor('cleo'))).toBe('done');
  });

  test('is told to everybody in the room and nobody else', () => {
    const doors = new Doors();
    const [ann, bob, afar] = [visitor('ann'), visitor('bob'), visitor('zoe', { room: 'elsewhere' })];
    const onTheWay = { ...visitor('cleo'), peerId: undefined };
    for (const guest of [ann, bob, afar, onTheWay]) doors.enter(guest);
    doors.setLocked(bob, true);
    const fact = { case: 'roomLocked', value: { locked: true, by: idOf(bob) } };
    expect([ann, bob, afar, onTheWay].map(({ facts }) => facts)).toEqual([[fact], [fact], [], []]);
    expect([doors.isLocked('r' as RoomId), doors.isLocked('elsewhere' as RoomId)]).toEqual([true, false]);
  });
});

describe('a removal', () => {
  test('ends that session, bars that device and no other of the same person', () => {
    const doors = new Doors();
    const [ann, bob] = [visitor('ann'), visitor('bob')];
    for (const guest of [ann, bob]) doors.enter(guest);
    doors.remove(ann, idOf(bob));
    expect(bob.removed).toBe(1);
    doors.leave(bob);
    expect(enters(doors, visitor('bob'))).toBe('removed');
    expect(enters(doors, visitor('bob', { device: 'laptop' }))).toBe('done');
  });

  test.each<[string, string, Guest, PeerId]>([
    ['by who has no right', 'forbidden', visitor('ann', { moderator: false }), 'bob-phone' as PeerId],
    ['of oneself', 'forbidden', visitor('ann'), 'ann-phone' as PeerId],
    ['of somebody in another room', 'not-found', visitor('ann'), 'zoe-phone' as PeerId],
    ['by who is only on the way in', 'out-of-order', { ...visitor('ann'), peerId: undefined }, 'bob-phone' as PeerId],
  ])('%s is refused: %s', (_what, code, by, peerId) => {
    const doors = new Doors();
    const [bob, zoe] = [visitor('bob'), visitor('zoe', { room: 'elsewhere' })];
    for (const guest of [by, bob, zoe]) doors.enter(guest);
    expect(outcome(() => doors.remove(by, peerId))).toBe(code);
    expect([bob.removed, zoe.removed]).toEqual([0, 0]);
  });

  test('is refused to who never came in', () => {
    expect(outcome(() => new Doors().setLocked(visitor('ann'), true))).toBe('out-of-order');
  });
});

test('the door goes with the last guest, and with it the lock and the bar', () => {
  const doors = new Doors();
  const [ann, bob] = [visitor('ann'), visitor('bob')];
  for (const guest of [ann, bob]) doors.enter(guest);
  doors.remove(ann, idOf(bob));
  doors.setLocked(ann, true);
  for (const guest of [bob, ann, ann]) doors.leave(guest);
  expect(doors.size).toBe(0);
  expect(enters(doors, visitor('bob'))).toBe('done');
});

const USERS = ['ann', 'bob', 'cleo', 'dan'];
const step = fc.record({
  kind: fc.constantFrom('enter', 'leave', 'remove', 'lock', 'unlock'),
  who: fc.constantFrom(...USERS),
  whom: fc.constantFrom(...USERS),
});

test('at random: who is barred never comes in, who has no right changes nothing, and nothing is left at the end', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const doors = new Doors();
      const guests = new Map(USERS.map((user) => [user, visitor(user, { moderator: user < 'cleo' })]));
      const inside = new Set<string>();
      const barred = new Set<string>();
      const known = new Set<string>();
      let locked = false;
      for (const { kind, who, whom } of steps) {
        const guest = guests.get(who) as Visitor;
        const may = who < 'cleo' && inside.has(who);
        if (kind === 'enter') {
          const expected = barred.has(who) ? 'removed' : locked && !known.has(who) ? 'room-locked' : 'done';
          expect(enters(doors, guest)).toBe(expected);
          if (expected !== 'done') continue;
          inside.add(who);
          known.add(who);
        } else if (kind === 'remove') {
          const done = outcome(() => doors.remove(guest, idOf(guests.get(whom) as Visitor))) === 'done';
          expect(done).toBe(may && inside.has(whom) && who !== whom);
          if (!done) continue;
          barred.add(whom);
          doors.leave(guests.get(whom) as Visitor); // as its session does
          inside.delete(whom);
        } else if (kind === 'leave') {
          doors.leave(guest);
          inside.delete(who);
        } else {
          const done = outcome(() => doors.setLocked(guest, kind === 'lock')) === 'done';
          expect(done).toBe(may);
          if (done) locked = kind === 'lock';
        }
        if (inside.size > 0) continue;
        for (const forgotten of [barred, known]) forgotten.clear();
        locked = false;
      }
      for (const guest of guests.values()) doors.leave(guest);
      expect(doors.size).toBe(0);
    }),
  );
});
