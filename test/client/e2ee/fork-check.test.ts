import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MemberId } from '../../../src/base/index.ts';
import { ForkCheck } from '../../../src/client/e2ee/fork-check.ts';

const memberId = (name: string) => name as MemberId;
const authenticator = (byte: number) => new Uint8Array(32).fill(byte);
const agreed = { kind: 'agreed' };

/** The call of one member, whose authenticator is filled with the epoch's number. */
class Member {
  readonly check: ForkCheck;

  constructor(random = () => 0.5) {
    this.check = new ForkCheck(memberId('ada'), random);
  }

  begins(epoch: number, nowMs: number, names = ['ada', 'ben', 'cleo']) {
    const own = { epoch: BigInt(epoch), authenticator: authenticator(epoch), memberIds: names.map(memberId), nowMs };
    return this.check.epochBegan(own);
  }

  hears(name: string, epoch: number, nowMs: number, { byte = epoch, sealedIn = epoch } = {}) {
    return this.check.checkIn({
      memberId: memberId(name),
      epoch: BigInt(epoch),
      authenticator: authenticator(byte),
      sealedIn: BigInt(sealedIn),
      nowMs,
    }).verdict;
  }

  /** Messages of these do not open. */
  cannotOpen(nowMs: number, ...names: readonly string[]) {
    return names.map((name) => this.check.unopened(memberId(name), nowMs)).at(-1)?.verdict;
  }

  verdict(nowMs: number) {
    return this.check.tick(nowMs).verdict;
  }
}

function inEpoch(epoch: number, nowMs = 0): Member {
  const member = new Member();
  member.begins(epoch, nowMs);
  return member;
}

/** Both others have confirmed epoch 1 at 1 s. */
function confirmed(): Member {
  const member = inEpoch(1);
  member.hears('ben', 1, 1_000);
  member.hears('cleo', 1, 1_000);
  return member;
}

describe('agreement', () => {
  test('nothing is held against anybody in the first seconds of an epoch', () => {
    expect(inEpoch(1).verdict(9_999)).toEqual(agreed);
  });

  test('holds while everybody says the same', () => {
    const member = confirmed();
    for (let nowMs = 11_000; nowMs < 60_000; nowMs += 10_000) {
      expect(member.hears('ben', 1, nowMs)).toEqual(agreed);
      expect(member.hears('cleo', 1, nowMs)).toEqual(agreed);
    }
  });

  test('garbage from the server splits nobody who has confirmed', () => {
    const member = confirmed();
    member.cannotOpen(2_000, 'ben', 'cleo');
    expect(member.verdict(9_000)).toEqual(agreed);
  });

  test('strangers are not heard', () => {
    expect(confirmed().hears('mallory', 1, 2_000, { byte: 99 })).toEqual(agreed);
    expect(confirmed().cannotOpen(2_000, 'mallory')).toEqual(agreed);
  });
});

describe('silence', () => {
  test('of 10 s in an epoch is a mark', () => {
    const member = inEpoch(1);
    member.hears('ben', 1, 1_000);
    expect(member.verdict(10_000)).toEqual({ kind: 'unconfirmed', memberIds: ['cleo'] });
    expect(member.hears('cleo', 1, 10_500)).toEqual(agreed);
  });

  test('of two check-ins later on as well', () => {
    const member = confirmed();
    member.hears('ben', 1, 20_000);
    expect(member.verdict(25_999)).toEqual(agreed);
    expect(member.verdict(26_000)).toEqual({ kind: 'unconfirmed', memberIds: ['cleo'] });
  });

  test('is not broken by an epoch that begins', () => {
    const member = inEpoch(1);
    for (let epoch = 2; epoch < 7; epoch += 1) {
      member.begins(epoch, (epoch - 1) * 2_000);
      member.hears('ben', epoch, (epoch - 1) * 2_000);
    }
    expect(member.verdict(10_000)).toEqual({ kind: 'unconfirmed', memberIds: ['cleo'] });
  });

  test('ends with leaving', () => {
    const member = inEpoch(1);
    member.hears('ben', 1, 1_000);
    member.verdict(10_000);
    expect(member.begins(2, 10_100, ['ada', 'ben']).verdict).toEqual(agreed);
  });
});

const marked = (...names: string[]) => ({ kind: 'unconfirmed', memberIds: names });
const forked = (...names: string[]) => ({ kind: 'forked', memberIds: names });

describe('a lie', () => {
  test('about the epoch of its own seal is a mark, in a call of two as well', () => {
    expect(confirmed().hears('ben', 1, 2_000, { byte: 99 })).toEqual(marked('ben'));
    const two = new Member();
    two.begins(1, 0, ['ada', 'ben']);
    expect(two.hears('ben', 1, 500, { byte: 99 })).toEqual(marked('ben'));
  });

  test('of all others is no fork: their seals say that they are here', () => {
    const member = confirmed();
    member.hears('ben', 1, 2_000, { byte: 99 });
    expect(member.hears('cleo', 1, 2_000, { byte: 98 })).toEqual(marked('ben', 'cleo'));
  });

  test('shows also when it is about an epoch that we have just left', () => {
    const member = confirmed();
    member.begins(2, 2_000);
    expect(member.hears('ben', 1, 2_100, { byte: 99 })).toEqual(marked('ben'));
  });

  test('stays until that member confirms a later epoch', () => {
    const member = confirmed();
    member.hears('ben', 1, 2_000, { byte: 99 });
    expect(member.hears('ben', 1, 2_100)).toEqual(marked('ben'));
    expect(member.begins(2, 3_000).verdict).toEqual(marked('ben'));
    expect(member.hears('ben', 2, 3_100)).toEqual(agreed);
  });

  test('or is removed', () => {
    const member = confirmed();
    member.hears('ben', 1, 2_000, { byte: 99 });
    expect(member.begins(2, 3_000, ['ada', 'cleo']).verdict).toEqual(agreed);
  });
});

describe('one member', () => {
  test.each<[string, (member: Member) => void]>([
    ['with lies about epochs of other seals', (member) => member.hears('ben', 1, 7_000, { byte: 99, sealedIn: 2 })],
    ['with lies about epochs to come', (member) => member.hears('ben', 2, 7_000, { byte: 99, sealedIn: 1 })],
    ['that says nothing and sends what does not open', (member) => member.cannotOpen(7_000, 'ben')],
  ])('%s silences nobody but somebody alone with it', (_, act) => {
    const outcome = (...names: string[]) => {
      const member = new Member();
      member.begins(1, 0, names);
      if (names.includes('cleo')) member.hears('cleo', 1, 100);
      member.begins(2, 1_000, names);
      if (names.includes('cleo')) member.hears('cleo', 2, 1_100);
      act(member);
      return member.verdict(7_100);
    };
    expect(outcome('ada', 'ben', 'cleo')).toEqual(marked('ben'));
    expect(outcome('ada', 'ben')).toEqual(forked('ben'));
  });

  test('that sends what does not open while others are in tunnels silences nobody', () => {
    const member = new Member();
    member.begins(1, 0, ['ada', 'ben', 'cleo', 'dan', 'eve']);
    member.hears('eve', 1, 100);
    expect(member.cannotOpen(7_000, 'ben')).toEqual(marked('ben'));
    expect(member.verdict(10_000)).toEqual(marked('ben', 'cleo', 'dan'));
  });
});

describe('a fork', () => {
  test('shows at once when most others speak of another epoch, under the seal of one that was ours too', () => {
    const member = confirmed();
    member.begins(2, 2_000);
    expect(member.hears('ben', 2, 2_100, { byte: 99, sealedIn: 1 })).toEqual(marked('ben'));
    expect(member.hears('cleo', 2, 2_100, { byte: 99, sealedIn: 1 })).toEqual(forked('ben', 'cleo'));
    member.hears('ben', 2, 2_200);
    expect(member.begins(3, 3_000).verdict).toEqual(forked('ben', 'cleo'));
    member.hears('ben', 3, 3_100);
    expect(member.hears('cleo', 3, 3_100)).toEqual(agreed);
  });

  test('shows after 5 s when messages of our epoch do not open and their senders have not confirmed it', () => {
    const member = confirmed();
    member.begins(2, 20_000);
    member.cannotOpen(21_000, 'ben');
    const step = member.check.unopened(memberId('cleo'), 21_000);
    expect(step).toMatchObject({ verdict: agreed, wakeAtMs: 25_000 });
    expect(member.verdict(24_999)).toEqual(agreed);
    expect(member.verdict(25_000)).toEqual(forked('ben', 'cleo'));
    expect(member.hears('cleo', 2, 25_100)).toEqual(marked('ben'));
    expect(member.hears('ben', 2, 25_200)).toEqual(agreed);
  });

  test('shows at once when the first such messages come later', () => {
    const member = inEpoch(1);
    expect(member.verdict(6_000)).toEqual(agreed);
    expect(member.cannotOpen(6_100, 'ben', 'cleo')).toEqual(forked('ben', 'cleo'));
  });

  test('is not hidden by new epochs every 2 s', () => {
    const member = inEpoch(1);
    member.cannotOpen(1_000, 'ben', 'cleo');
    for (const epoch of [2, 3]) member.begins(epoch, (epoch - 1) * 2_000);
    expect(member.verdict(5_000)).toEqual(forked('ben', 'cleo'));
  });

  test('is not made of messages from before the debt', () => {
    const member = confirmed();
    member.cannotOpen(2_000, 'ben', 'cleo');
    member.begins(2, 3_000);
    expect(member.verdict(9_000)).toEqual(agreed);
  });

  /** How ada sees a call of so many, in which so many others lead a life of their own. */
  const split = (here: number, there: number) => {
    const names = (count: number, part: string) => Array.from({ length: count }, (_, index) => `${part}${index}`);
    const [ours, theirs] = [names(here - 1, 'here'), names(there, 'there')];
    const member = new Member();
    member.begins(1, 0, ['ada', ...ours, ...theirs]);
    for (const name of ours) member.hears(name, 1, 500);
    member.cannotOpen(600, ...theirs); // they check in, in an epoch 1 of their own
    return member.verdict(6_000).kind;
  };

  test.each([
    [1, 1, 'forked'],
    [2, 1, 'unconfirmed'],
    [1, 2, 'forked'],
    [2, 2, 'forked'],
    [3, 2, 'unconfirmed'],
    [2, 3, 'forked'],
    [50, 50, 'forked'],
    [51, 50, 'unconfirmed'],
  ])('of %i and %i: who is among the first is %s', (here, there, expected) =>
    expect(split(here, there)).toBe(expected),
  );

  test('of any two parts shows in one of them at least', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (some, others) => {
        expect([split(some, others), split(others, some)]).toContain('forked');
      }),
    );
  });
});

describe('members who are not where we are', () => {
  test('one who is ahead is judged when we get there', () => {
    const right = confirmed();
    right.hears('ben', 2, 2_000);
    right.begins(2, 2_500);
    right.hears('cleo', 2, 2_600);
    expect(right.verdict(13_000)).toEqual(agreed);

    const wrong = confirmed();
    expect(wrong.hears('ben', 2, 2_000, { byte: 99 })).toEqual(agreed);
    expect(wrong.begins(2, 2_500).verdict).toEqual(marked('ben'));
  });

  test('what they said is kept for 10 s', () => {
    const member = confirmed();
    member.hears('ben', 3, 2_000, { byte: 99 });
    expect(member.begins(2, 11_999).verdict).toEqual(agreed);
    expect(member.begins(3, 12_000).verdict).toEqual(marked('ben'));
    const late = confirmed();
    late.hears('ben', 3, 2_000, { byte: 99 });
    late.begins(2, 12_000);
    expect(late.begins(3, 12_100).verdict).toEqual(agreed);
  });

  test('one who is behind owes only the epochs after the one confirmed', () => {
    const member = inEpoch(1);
    member.begins(2, 4_000);
    member.hears('ben', 1, 5_000);
    member.hears('cleo', 1, 5_000);
    member.cannotOpen(5_100, 'ben', 'cleo');
    expect(member.verdict(8_999)).toEqual(agreed);
    expect(member.verdict(9_000)).toEqual({ kind: 'forked', memberIds: ['ben', 'cleo'] });
  });

  test('an old word does not take back a newer one', () => {
    const member = confirmed();
    member.begins(2, 2_000);
    member.hears('ben', 2, 2_100);
    member.hears('cleo', 2, 2_100);
    member.hears('ben', 1, 2_200);
    expect(member.verdict(12_500)).toEqual(agreed);
  });

  test('epochs from long ago say nothing', () => {
    const member = confirmed();
    for (let epoch = 2; epoch <= 9; epoch += 1) member.begins(epoch, 2_000 + epoch);
    expect(member.hears('ben', 1, 2_100, { byte: 99 })).toEqual(agreed);
  });

  test('words from the future take no more memory than 1,024 of them', () => {
    const member = confirmed();
    member.hears('ben', 2, 2_000, { byte: 99 });
    for (let other = 0; other < 1_024; other += 1) member.hears(`m${other}`, 2, 2_001);
    expect(member.begins(2, 2_500).verdict).toEqual(agreed); // ben's was the oldest
  });
});

describe('our own check-in', () => {
  test('comes within 20 ms a member of an epoch, then every 10 s', () => {
    const member = new Member();
    expect(member.begins(1, 0)).toMatchObject({ checkIn: false, wakeAtMs: 30 });
    expect(member.check.tick(29).checkIn).toBe(false);
    expect(member.check.tick(30).checkIn).toBe(true);
    expect(member.check.tick(31).checkIn).toBe(false);
    expect(member.check.tick(10_030).checkIn).toBe(true);
  });

  test('within 3 s in a large room', () => {
    const names = Array.from({ length: 400 }, (_, index) => `m${index}`);
    const member = new Member(() => 0.5);
    expect(member.begins(1, 0, names).wakeAtMs).toBe(1_500);
  });

  test('is not put off by another epoch', () => {
    const names = Array.from({ length: 400 }, (_, index) => `m${index}`);
    const member = new Member(() => 0.5);
    member.begins(1, 0, names);
    member.begins(2, 1_000, names);
    expect(member.check.tick(1_500).checkIn).toBe(true);
  });

  test('nothing is said or expected before the first epoch', () => {
    expect(new Member().check.tick(0)).toEqual({ verdict: agreed, checkIn: false, wakeAtMs: undefined });
  });
});
