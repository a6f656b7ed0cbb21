import { describe, expect, test } from 'vitest';
import {
  type CodeEpoch,
  type CodeMessage,
  type CodeRound,
  type CodeStep,
  firstCodeRound,
  nextCodeRound,
  startAtMs,
  wakeAtMs,
} from '../../../src/crypto/call-code/index.ts';
import { commitmentOf, emojiOfShares } from '../../../src/crypto/call-code/share.ts';
import { decodeSealedMessage, encodeSealedMessage, type SentSealedMessage } from '../../../src/wire/index.ts';
import { bodyOf, epochOf, memberId, readAloud, reasonOf, seeded } from './members.ts';

const EPOCH = epochOf(['ada', 'ben', 'cleo']);
const random = seeded('ada');
const roundId = new Uint8Array(16).fill(7);
const share = (byte: number) => new Uint8Array(32).fill(byte);

const hears = (round: CodeRound, from: string, message: CodeMessage, nowMs: number): CodeStep =>
  nextCodeRound(round, { kind: 'received', from: memberId(from), epoch: round.epoch.epoch, message, nowMs }, random);
const waits = (round: CodeRound, nowMs: number) => nextCodeRound(round, { kind: 'time-passed', nowMs }, random);
const asks = (round: CodeRound, nowMs: number) => nextCodeRound(round, { kind: 'start-asked', nowMs }, random);

const start = (id = roundId): CodeMessage => ({ case: 'codeStart', value: { round: id } });
const commitment = (byte: number, id = roundId): CodeMessage => ({
  case: 'codeCommitment',
  value: { round: id, commitment: commitmentOf(id, share(byte)) },
});
const close = (names: readonly string[], id = roundId): CodeMessage => ({
  case: 'codeClose',
  value: { round: id, memberIds: names.map(memberId) },
});
const reveal = (byte: number, id = roundId): CodeMessage => ({
  case: 'codeReveal',
  value: { round: id, share: share(byte) },
});

/** What ada holds when ben has started at 0 ms and both others have committed. */
function opened(epoch: CodeEpoch = EPOCH): CodeRound {
  const idle = firstCodeRound(memberId('ada'), epoch);
  const begun = hears(idle, 'ben', start(), 0).round;
  const withBen = hears(begun, 'ben', commitment(2), 10).round;
  return hears(withBen, 'cleo', commitment(3), 20).round;
}

const closed = () => hears(opened(), 'ben', close(['ada', 'ben', 'cleo']), 100);

describe('a round that goes well', () => {
  test('a start is answered by a commitment, a close by the share that fits it', () => {
    const begun = hears(firstCodeRound(memberId('ada'), EPOCH), 'ben', start(), 0);
    const committed = bodyOf(begun.sends, 'codeCommitment').commitment;
    const withBen = hears(begun.round, 'ben', commitment(2), 10).round;
    const withAll = hears(withBen, 'cleo', commitment(3), 20).round;
    const step = hears(withAll, 'ben', close(['ada', 'ben', 'cleo']), 30);
    expect(commitmentOf(roundId, bodyOf(step.sends, 'codeReveal').share)).toEqual(committed);
  });

  test('the code is that of all shares in the order of member ids', () => {
    const step = closed();
    const own = bodyOf(step.sends, 'codeReveal').share;
    const withCleo = hears(step.round, 'cleo', reveal(3), 110).round;
    const { stage } = hears(withCleo, 'ben', reveal(2), 120).round;
    const shares = new Map([
      [memberId('cleo'), share(3)],
      [memberId('ada'), own],
      [memberId('ben'), share(2)],
    ]);
    expect(stage).toEqual({
      kind: 'done',
      epoch: 1n,
      emoji: emojiOfShares(EPOCH.authenticator, roundId, shares),
      memberIds: ['ada', 'ben', 'cleo'],
    });
  });

  test('the starter closes when all have committed', () => {
    const begun = asks(firstCodeRound(memberId('ada'), EPOCH), 0);
    expect(begun.sends.map((message) => message.case)).toEqual(['codeStart', 'codeCommitment']);
    const id = bodyOf(begun.sends, 'codeStart').round;
    const withBen = hears(begun.round, 'ben', commitment(2, id), 10);
    expect(withBen.sends).toEqual([]);
    const withAll = hears(withBen.round, 'cleo', commitment(3, id), 20);
    expect(withAll.sends.map((message) => message.case)).toEqual(['codeClose', 'codeReveal']);
    expect(bodyOf(withAll.sends, 'codeClose').memberIds).toEqual(['ada', 'ben', 'cleo']);
  });

  test('or after 3 s with those who have', () => {
    const begun = asks(firstCodeRound(memberId('ada'), EPOCH), 0);
    const id = bodyOf(begun.sends, 'codeStart').round;
    const withBen = hears(begun.round, 'ben', commitment(2, id), 10).round;
    expect(wakeAtMs(withBen)).toBe(3_000);
    expect(waits(withBen, 2_999).sends).toEqual([]);
    expect(bodyOf(waits(withBen, 3_000).sends, 'codeClose').memberIds).toEqual(['ada', 'ben']);
  });

  test('a code outlives its epoch: people are still reading it', () => {
    const withCleo = hears(closed().round, 'cleo', reveal(3), 110).round;
    const done = hears(withCleo, 'ben', reveal(2), 120).round;
    const later = nextCodeRound(done, { kind: 'epoch-began', epoch: epochOf(['ada', 'ben'], 2n) }, random).round;
    expect(readAloud(later)).toBe(readAloud(done));
    expect(later.abortedRounds).toBe(0);
  });

  test('another epoch, round or share gives other emoji', () => {
    const shares = new Map([[memberId('ada'), share(1)]]);
    const codes = [
      emojiOfShares(share(0), roundId, shares),
      emojiOfShares(share(1), roundId, shares),
      emojiOfShares(share(0), new Uint8Array(16), shares),
      emojiOfShares(share(0), roundId, new Map([[memberId('ada'), share(2)]])),
    ].map((code) => code.map(({ symbol }) => symbol).join(''));
    expect(new Set(codes).size).toBe(4);
  });
});

describe('a round is aborted, and says why, when', () => {
  const everyone = ['ada', 'ben', 'cleo'];
  const cases: readonly [string, string, readonly string[], () => CodeRound][] = [
    [
      'a share does not fit its commitment',
      'wrong-share',
      ['ben'],
      () => hears(closed().round, 'ben', reveal(9), 110).round,
    ],
    ['somebody commits twice', 'second-commitment', ['ben'], () => hears(opened(), 'ben', commitment(9), 30).round],
    ['a share is shown before the close', 'early-reveal', ['cleo'], () => hears(opened(), 'cleo', reveal(3), 30).round],
    [
      'somebody closes who did not start',
      'foreign-close',
      ['cleo'],
      () => hears(opened(), 'cleo', close(everyone), 30).round,
    ],
    ['it is closed without us', 'left-out', ['ada'], () => hears(opened(), 'ben', close(['ben', 'cleo']), 3_000).round],
    [
      'it is closed without somebody who committed',
      'left-out',
      ['cleo'],
      () => hears(opened(), 'ben', close(['ada', 'ben']), 3_000).round,
    ],
    [
      'it is closed with somebody who did not commit',
      'bad-close',
      ['ben'],
      () => hears(opened(), 'ben', close([...everyone, 'dan']), 3_000).round,
    ],
    [
      'it is closed with somebody twice',
      'bad-close',
      ['ben'],
      () => hears(opened(), 'ben', close([...everyone, 'ada']), 3_000).round,
    ],
    [
      'others had no second to commit',
      'bad-close',
      ['ben'],
      () => hears(opened(epochOf([...everyone, 'dan'])), 'ben', close(everyone), 999).round,
    ],
    [
      'a share is missing 3 s after the close',
      'share-missing',
      ['cleo'],
      () => waits(hears(closed().round, 'ben', reveal(2), 110).round, 3_100).round,
    ],
    ['its starter falls silent', 'not-closed', ['ben'], () => waits(opened(), 6_000).round],
    [
      'nobody answers us',
      'nobody-answered',
      [],
      () => waits(asks(firstCodeRound(memberId('ada'), EPOCH), 0).round, 3_000).round,
    ],
    [
      'the epoch changes before the close',
      'epoch-changed',
      [],
      () => nextCodeRound(opened(), { kind: 'epoch-began', epoch: epochOf(everyone, 2n) }, random).round,
    ],
    [
      'the epoch changes after it',
      'epoch-changed',
      [],
      () => nextCodeRound(closed().round, { kind: 'epoch-began', epoch: epochOf(everyone, 2n) }, random).round,
    ],
  ];

  test.each(cases)('%s: %s', (_, reason, memberIds, play) => {
    const round = play();
    expect(round.stage).toEqual({ kind: 'aborted', reason, memberIds });
    expect(round.abortedRounds).toBe(1);
  });

  test('and nothing of it is answered any more', () => {
    const aborted = hears(opened(), 'ben', commitment(9), 30).round;
    const step = hears(aborted, 'ben', close(everyone), 40);
    expect(step.sends).toEqual([]);
    expect(step.round).toBe(aborted);
  });
});

describe('two starts that cross', () => {
  const smaller = new Uint8Array(16).fill(1);

  test('the smaller id takes the place of the larger', () => {
    const begun = hears(firstCodeRound(memberId('ada'), EPOCH), 'ben', start(), 0).round;
    const step = hears(begun, 'cleo', start(smaller), 5);
    expect(bodyOf(step.sends, 'codeCommitment').round).toEqual(smaller);
    expect(step.round.abortedRounds).toBe(0);
  });

  test('the larger is ignored', () => {
    const begun = hears(firstCodeRound(memberId('ada'), EPOCH), 'cleo', start(smaller), 0).round;
    expect(hears(begun, 'ben', start(), 5)).toEqual({ round: begun, sends: [] });
  });

  test('the shares of the two have nothing in common', () => {
    const begun = hears(firstCodeRound(memberId('ada'), EPOCH), 'ben', start(), 0).round;
    const stages = [begun.stage, hears(begun, 'cleo', start(smaller), 5).round.stage];
    const shares = stages.map((stage) => (stage.kind === 'open' ? stage.share.join() : ''));
    expect(new Set(shares).size).toBe(2);
  });

  test('the loser closed all the same aborts the winner: some would see another code', () => {
    const begun = hears(firstCodeRound(memberId('ada'), EPOCH), 'ben', start(), 0).round;
    const overtaken = hears(begun, 'cleo', start(smaller), 5).round;
    expect(reasonOf(hears(overtaken, 'ben', close(['ada', 'ben']), 10).round)).toBe('overtaken');
    expect(reasonOf(hears(overtaken, 'cleo', close(['ada', 'ben']), 10).round)).toBeUndefined();
  });

  test('who is in a round cannot overtake it', () => {
    const round = opened();
    expect(hears(round, 'cleo', start(smaller), 30).round).toBe(round);
  });
});

describe('the pace', () => {
  const other = (byte: number) => start(new Uint8Array(16).fill(byte));
  const aborted = () => hears(closed().round, 'ben', reveal(9), 110).round;

  test('a second round of anybody within 3 s is ignored', () => {
    expect(hears(aborted(), 'cleo', other(8), 2_999).sends).toEqual([]);
    expect(hears(aborted(), 'cleo', other(8), 3_000).sends).toHaveLength(1);
  });

  test('unless nobody had shown a share in the first: another start may have crossed it', () => {
    const harmless = hears(opened(), 'ben', commitment(9), 30).round;
    expect(hears(harmless, 'cleo', other(8), 100).sends).toHaveLength(1);
    expect(hears(harmless, 'ben', other(8), 100).sends).toEqual([]);
    expect(startAtMs(harmless)).toBe(4_000);
  });

  test('a second round of the same starter within 10 s is ignored', () => {
    expect(hears(aborted(), 'ben', other(8), 9_999).sends).toEqual([]);
    expect(hears(aborted(), 'ben', other(8), 10_000).sends).toHaveLength(1);
  });

  test('a later start ends a round that still runs here, and counts it as aborted', () => {
    for (const round of [opened(), closed().round]) {
      const step = hears(round, 'cleo', other(8), 3_000);
      expect(bodyOf(step.sends, 'codeCommitment').round).toEqual(new Uint8Array(16).fill(8));
      expect(step.round.abortedRounds).toBe(1);
    }
  });

  test('nobody overtakes twice within 10 s', () => {
    const begun = hears(aborted(), 'cleo', other(8), 3_000).round;
    expect(hears(begun, 'ben', other(1), 3_100).round).toBe(begun);
  });

  test('our own button waits a second longer than others ask', () => {
    expect(startAtMs(aborted())).toBe(4_000);
    expect(asks(aborted(), 3_999).sends).toEqual([]);
    const ours = asks(aborted(), 4_000).round;
    expect(startAtMs(ours)).toBe(Number.POSITIVE_INFINITY);
    expect(startAtMs(waits(ours, 7_000).round)).toBe(15_000);
  });

  test('no round alone, and none of more than a message can name', () => {
    const names = Array.from({ length: 513 }, (_, index) => `m${index}`);
    for (const epoch of [epochOf(['m1']), epochOf(names)]) {
      const round = firstCodeRound(memberId('m1'), epoch);
      expect(asks(round, 0)).toEqual({ round, sends: [] });
    }
    const large = firstCodeRound(memberId('m1'), epochOf(names));
    expect(hears(large, 'm2', start(), 0).round).toBe(large);
  });
});

describe('what is not of this round', () => {
  test('strangers, other epochs and other rounds mean nothing', () => {
    const round = opened();
    const elsewhere = {
      kind: 'received',
      from: memberId('ben'),
      epoch: 0n,
      message: commitment(9),
      nowMs: 30,
    } as const;
    expect(nextCodeRound(round, elsewhere, random).round).toBe(round);
    expect(hears(round, 'mallory', commitment(9), 30).round).toBe(round);
    expect(hears(round, 'ben', commitment(9, new Uint8Array(16)), 30).round).toBe(round);
  });

  test('what comes after it was settled changes nothing', () => {
    const { round } = closed();
    for (const late of [commitment(9), close(['ben']), reveal(9, new Uint8Array(16))]) {
      expect(hears(round, 'ben', late, 110).round).toBe(round);
    }
    const withBen = hears(round, 'ben', reveal(2), 110).round;
    expect(hears(withBen, 'ben', reveal(9), 120).round).toBe(withBen);
  });
});

test('all four messages travel as sealed.proto has them', () => {
  const sent: readonly SentSealedMessage[] = [start(), commitment(1), close(['ada']), reveal(1)];
  for (const message of sent) {
    const received: CodeMessage | undefined = codeMessage(encodeSealedMessage(message));
    expect(received).toEqual(message);
  }
});

function codeMessage(bytes: Uint8Array): CodeMessage | undefined {
  const message = decodeSealedMessage(bytes);
  switch (message?.case) {
    case 'codeStart':
    case 'codeCommitment':
    case 'codeClose':
    case 'codeReveal':
      return message;
    default:
      return undefined;
  }
}
