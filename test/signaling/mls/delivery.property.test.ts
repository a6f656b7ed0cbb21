import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Temper } from './model-client.ts';
import { ModelRoom } from './model-room.ts';

const MAX_CLIENTS = 12;

/** Long enough for every limit of the service, one after the other. */
const SETTLE_MS = 60_000;

type Action =
  | { readonly act: 'join'; readonly temper: Temper }
  | {
      readonly act: 'leave' | 'away' | 'back' | 'lift' | 'follow' | 'refresh' | 'say';
      readonly who: number;
      readonly times: number;
    }
  | { readonly act: 'flow' }
  | { readonly act: 'wait'; readonly ms: number };

const who = fc.nat({ max: MAX_CLIENTS - 1 });
const times = fc.constant(1);
const one = <Act extends Action['act']>(...acts: Act[]) => fc.constantFrom(...acts);
const actions = (tempers: readonly Temper[]): fc.Arbitrary<readonly Action[]> =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ act: one('join'), temper: fc.constantFrom(...tempers) }) },
      { weight: 2, arbitrary: fc.record({ act: one('leave'), who, times }) },
      { weight: 3, arbitrary: fc.record({ act: one('away', 'back'), who, times }) },
      { weight: 10, arbitrary: fc.record({ act: one('lift', 'follow'), who, times: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 2, arbitrary: fc.record({ act: one('refresh', 'say'), who, times }) },
      { weight: 3, arbitrary: fc.record({ act: one('flow') }) },
      {
        weight: 6,
        arbitrary: fc.record({ act: one('wait'), ms: fc.constantFrom(10, 100, 200, 1_500, 5_000, 20_000) }),
      },
    ),
    { maxLength: 120, size: 'max' },
  );

function act(room: ModelRoom, action: Action): void {
  if (action.act === 'join') {
    if (room.clients.size < MAX_CLIENTS) room.add(action.temper);
  } else if (action.act === 'flow') room.flow();
  else if (action.act === 'wait') room.advance(action.ms);
  else {
    const client = [...room.clients.values()][action.who % Math.max(1, room.clients.size)];
    for (let time = 0; client && time < action.times; time += 1) {
      if (action.act === 'leave' || action.act === 'away' || action.act === 'back') room[action.act](client);
      else if (action.act === 'lift') room.lift(client);
      else client[action.act]();
    }
  }
}

/** Everybody has a socket again. */
function gather(room: ModelRoom): void {
  for (const client of room.clients.values()) if (client.isAway) room.back(client);
}

/** Lets time pass, with all nets open, until all limits have run out. */
function settle(room: ModelRoom): void {
  for (let passed = 0; passed < SETTLE_MS; passed += 50) {
    room.flow();
    room.advance(50);
  }
  room.flow();
}

const faults = (room: ModelRoom) => [...room.faults, ...[...room.clients.values()].flatMap((client) => client.faults)];

/** All who are not away are in one group, in one epoch, and the tree holds them, perhaps the others, and nobody else. */
function expectOneGroup(room: ModelRoom): void {
  const everybody = [...room.clients.values()];
  const present = everybody.filter(({ isAway }) => !isAway);
  const trees = present.map(({ state, ready }) => {
    if (state.kind !== 'in') throw new Error(`${state.kind} at the end`);
    const { members } = state.tree;
    expect(everybody.map(({ id }) => id)).toEqual(expect.arrayContaining([...members]));
    expect(members).toEqual(expect.arrayContaining(present.map(({ id }) => id)));
    expect(ready.at(-1)).toBe(state.epoch);
    return state.tree.id;
  });
  expect(new Set(trees).size).toBeLessThanOrEqual(1);
}

/** Who is away refuses one commit when it is back, and hears that the one after it came to nothing: that takes nothing of its refusal back. */
const ONE_REFUSED_THE_NEXT_VOID: readonly Action[] = [
  { act: 'join', temper: 'honest' },
  { act: 'join', temper: 'honest' },
  { act: 'join', temper: 'liar' },
  { act: 'flow' },
  { act: 'wait', ms: 5_000 },
  { act: 'flow' },
  { act: 'join', temper: 'honest' },
  { act: 'leave', who: 0, times: 1 },
  { act: 'join', temper: 'honest' },
  { act: 'wait', ms: 100 },
  { act: 'lift', who: 2, times: 1 },
  { act: 'away', who: 0, times: 1 },
  { act: 'flow' },
  { act: 'wait', ms: 1_500 },
  { act: 'flow' },
  { act: 'wait', ms: 100 },
];

describe('any order of events', () => {
  test('among members who follow the protocol, some of whom never commit: no commit is missed, and nobody starves', () => {
    fc.assert(
      fc.property(actions(['honest', 'honest', 'silent']), (list) => {
        const room = new ModelRoom();
        for (const action of list) act(room, action);
        gather(room);
        settle(room);
        expect(faults(room)).toEqual([]);
        expect(room.voids).toBe(0);
        const inside = [...room.clients.values()].filter(({ state }) => state.kind === 'in');
        if (inside.some(({ temper }) => temper === 'honest')) expectOneGroup(room);
      }),
      { numRuns: 300 },
    );
  });

  test('among liars, deniers and prudes: the service keeps one commit per epoch, and heals when they are gone', () => {
    fc.assert(
      fc.property(actions(['honest', 'honest', 'liar', 'denier', 'prude', 'silent']), (list) => {
        const room = new ModelRoom();
        for (const action of list) act(room, action);
        for (const client of [...room.clients.values()]) if (client.temper !== 'honest') room.leave(client);
        gather(room);
        settle(room);
        for (const client of room.clients.values()) client.join(); // who was refused
        settle(room);
        expect(faults(room).filter((fault) => !fault.startsWith('a commit'))).toEqual([]); // theirs are for no tree
        expectOneGroup(room);
      }),
      { numRuns: 300, examples: [[ONE_REFUSED_THE_NEXT_VOID]] },
    );
  });

  test('whoever is away holds nobody up, and finds its way when it is back', () => {
    fc.assert(
      fc.property(actions(['honest']), (list) => {
        const room = new ModelRoom();
        for (const action of list) act(room, action);
        settle(room);
        const present = [...room.clients.values()].filter(({ isAway }) => !isAway);
        if (present.some(({ state }) => state.kind === 'in')) expectOneGroup(room);
        gather(room);
        settle(room);
        expect(faults(room)).toEqual([]);
        expectOneGroup(room);
      }),
      { numRuns: 300 },
    );
  });

  test('when nothing is on its way, nothing is to be decided: the service sleeps', () => {
    fc.assert(
      fc.property(actions(['honest']), (list) => {
        const room = new ModelRoom();
        for (const action of list) act(room, action);
        settle(room);
        expect(room.delivery.deadlineMs).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});
