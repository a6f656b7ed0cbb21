import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CodeMessage } from '../../../src/crypto/call-code/index.ts';
import { Broadcast, type Cheat } from './broadcast.ts';
import { epochOf, memberId, readAloud } from './members.ts';

const NAMES = ['ada', 'ben', 'cleo', 'dan', 'eve'];

const change = <Case extends CodeMessage['case']>(
  wanted: Case,
  how: (message: Extract<CodeMessage, { case: Case }>) => readonly CodeMessage[],
): Cheat => {
  const isWanted = (message: CodeMessage): message is Extract<CodeMessage, { case: Case }> => message.case === wanted;
  return (sends) => sends.flatMap((message) => (isWanted(message) ? how(message) : [message]));
};
const zeros = (count: number) => new Uint8Array(count);

/** What a member may do that an honest one does not. */
const CHEATS: Readonly<Record<string, Cheat>> = {
  silent: () => [],
  'withholds its share': change('codeReveal', () => []),
  'shows another share': change('codeReveal', ({ value }) => [
    { case: 'codeReveal', value: { ...value, share: zeros(32) } },
  ]),
  'shows a second share': change('codeReveal', (message) => [
    message,
    { case: 'codeReveal', value: { ...message.value, share: zeros(32) } },
  ]),
  'commits twice': change('codeCommitment', (message) => [
    message,
    { case: 'codeCommitment', value: { ...message.value, commitment: zeros(32) } },
  ]),
  'does not commit': change('codeCommitment', () => []),
  'shows a share at once': change('codeCommitment', (message) => [
    message,
    { case: 'codeReveal', value: { round: message.value.round, share: zeros(32) } },
  ]),
  'closes what others started': change('codeCommitment', (message) => [
    message,
    { case: 'codeClose', value: { round: message.value.round, memberIds: NAMES.map(memberId) } },
  ]),
  'closes what it started without ada': change('codeClose', ({ value }) => [
    { case: 'codeClose', value: { ...value, memberIds: value.memberIds.filter((id) => id !== 'ada') } },
  ]),
  'closes at once with itself': change('codeStart', (message) => [
    message,
    { case: 'codeClose', value: { ...message.value, memberIds: [memberId('eve')] } },
  ]),
  'closes twice': change('codeClose', (message) => [
    message,
    { case: 'codeClose', value: { ...message.value, memberIds: [memberId('eve')] } },
  ]),
};

/**
 * Counts for some and not for others when other starts cross it, or when it comes as its sender's 10 s are just over.
 */
const HASTY_CHEATS: Readonly<Record<string, Cheat>> = {
  'starts a smaller round when it has committed': change('codeCommitment', (message) => [
    message,
    { case: 'codeStart', value: { round: zeros(16) } },
  ]),
  'starts a smaller round instead': change('codeCommitment', () => [
    { case: 'codeStart', value: { round: zeros(16) } },
    { case: 'codeCommitment', value: { round: zeros(16), commitment: zeros(32) } },
  ]),
};

const press = fc.record({ name: fc.constantFrom(...NAMES), atMs: fc.nat(20_000) });
const presses = fc.array(press, { minLength: 1 });
const onePress = press.map((only) => [only]);
const delays = fc.infiniteStream(fc.nat(400));

function played(options: {
  names: readonly string[];
  cheats: ReadonlyMap<string, Cheat>;
  pressed: readonly { name: string; atMs: number }[];
  delayMs: () => number;
}): Broadcast {
  const cheats = new Map([...options.cheats].map(([name, cheat]) => [memberId(name), cheat]));
  const broadcast = new Broadcast(epochOf(options.names), cheats, options.delayMs, 'a seed');
  const pressed = options.pressed.filter(({ name }) => options.names.includes(name));
  for (const { name, atMs } of pressed) broadcast.pressAt(memberId(name), atMs);
  broadcast.runUntil(40_000);
  return broadcast;
}

describe('rounds over a broadcast that keeps its order', () => {
  test('honest members all end with the same six emoji, whoever starts and however often', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), presses, delays, (count, pressed, stream) => {
        const names = NAMES.slice(0, count);
        fc.pre(pressed.some(({ name }) => names.includes(name)));
        const broadcast = played({ names, cheats: new Map(), pressed, delayMs: () => stream.next().value });
        const rounds = names.map((name) => broadcast.roundOf(memberId(name)));
        expect(new Set(rounds.map(readAloud)).size).toBe(1);
        expect(rounds.map(({ stage }) => stage.kind)).toEqual(names.map(() => 'done'));
        expect(rounds.map(({ abortedRounds }) => abortedRounds)).toEqual(names.map(() => 0));
      }),
      { numRuns: 300 },
    );
  });

  const othersAfter = (cheat: Cheat, pressed: readonly { name: string; atMs: number }[], stream: Iterator<number>) => {
    const cheats = new Map([['eve', cheat]]);
    const broadcast = played({ names: NAMES, cheats, pressed, delayMs: () => stream.next().value });
    const honest = NAMES.filter((name) => name !== 'eve').map((name) => broadcast.roundOf(memberId(name)));
    for (const { stage } of honest) expect(['idle', 'done', 'aborted']).toContain(stage.kind);
    return honest;
  };
  const all = [
    ...Object.entries(CHEATS).map(([what, cheat]) => [what, cheat, presses] as const),
    ...Object.entries(HASTY_CHEATS).map(([what, cheat]) => [what, cheat, onePress] as const),
  ];

  test.each(all)('when eve %s, all others see the same code or all see no code', (_, cheat, when) => {
    fc.assert(
      fc.property(when, delays, (pressed, stream) => {
        expect(new Set(othersAfter(cheat, pressed, stream).map(readAloud)).size).toBe(1);
      }),
      { numRuns: 100 },
    );
  });

  test.each(Object.entries(HASTY_CHEATS))(
    'when eve %s among many, nobody who counts another sees another code',
    (_, cheat) => {
      fc.assert(
        fc.property(presses, delays, (pressed, stream) => {
          const done = othersAfter(cheat, pressed, stream).flatMap(({ self, stage }) =>
            stage.kind === 'done' ? [{ self, stage }] : [],
          );
          for (const { self, stage } of done) {
            expect(stage.memberIds).toContain(self);
            const mutual = done.filter(
              (other) => stage.memberIds.includes(other.self) && other.stage.memberIds.includes(self),
            );
            for (const other of mutual) expect(other.stage.emoji).toEqual(stage.emoji);
          }
        }),
        { numRuns: 100 },
      );
    },
  );
});

describe('a cheat who likes one code best', () => {
  /** Knows the code before all others, because it shows its share last, and shows it only when it likes the code. */
  function guesses(favourite: string, rounds: number): Broadcast {
    const withheld: { reveal: CodeMessage | undefined } = { reveal: undefined };
    const cheat: Cheat = (sends) =>
      sends.filter((message) => {
        if (message.case !== 'codeReveal') return true;
        withheld.reveal = message;
        return false;
      });
    const broadcast: Broadcast = new Broadcast(
      epochOf(['ada', 'eve']),
      new Map([[memberId('eve'), cheat]]),
      () => 10,
      favourite,
    );
    for (let round = 0; round < rounds; round += 1) {
      broadcast.pressAt(memberId('ada'), round * 12_000);
      broadcast.runUntil(round * 12_000 + 100);
      const likes = readAloud(broadcast.roundOf(memberId('eve')))?.startsWith(favourite);
      if (likes && withheld.reveal) {
        broadcast.send(memberId('eve'), withheld.reveal);
        broadcast.runUntil(round * 12_000 + 200);
        return broadcast;
      }
      broadcast.runUntil(round * 12_000 + 11_000);
    }
    return broadcast;
  }

  test('pays for every guess with a round that the other saw aborted', () => {
    const ada = guesses('fire', 400).roundOf(memberId('ada'));
    expect(readAloud(ada)).toMatch(/^fire /); // 1 of 64: one emoji, so that the test ends
    expect(ada.abortedRounds).toBeGreaterThan(0);
  });

  test('who never likes any is seen to withhold every time', () => {
    const ada = guesses('no such thing', 20).roundOf(memberId('ada'));
    expect(ada.abortedRounds).toBe(20);
    expect(ada.stage).toEqual({ kind: 'aborted', reason: 'share-missing', memberIds: ['eve'] });
  });
});
