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

  hears(name: string, epoch: number, nowMs: number, byte = epoch) {
    return this.check.checkIn({
      memberId: memberId(name),
      epoch: BigInt(epoch),
      authenticator: authenticator(byte),
      nowMs,
    }).verdict;
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
    member.check.unopened(2_000);
    expect(member.verdict(9_000)).toEqual(agreed);
  });

  test('strangers are not heard', () => {
    expect(confirmed().hears('mallory', 1, 2_000, 99)).toEqual(agreed);
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

describe('a fork', () => {
  const forked = (...names: string[]) => ({ kind: 'forked', memberIds: names });

  test('shows at once when an authenticator differs', () => {
    expect(confirmed().hears('ben', 1, 2_000, 99)).toEqual(forked('ben'));
  });

  test('shows also when it differs in an epoch that we have just left', () => {
    const member = confirmed();
    member.begins(2, 2_000);
    expect(member.hears('ben', 1, 2_100, 99)).toEqual(forked('ben'));
  });

  test('stays until that member confirms a later epoch', () => {
    const member = confirmed();
    member.hears('ben', 1, 2_000, 99);
    expect(member.hears('ben', 1, 2_100)).toEqual(forked('ben'));
    expect(member.begins(2, 3_000).verdict).toEqual(forked('ben'));
    expect(member.hears('ben', 2, 3_100)).toEqual(agreed);
  });

  test('or is removed', () => {
    const member = confirmed();
    member.hears('ben', 1, 2_000, 99);
    expect(member.begins(2, 3_000, ['ada', 'cleo']).verdict).toEqual(agreed);
  });

  test('shows after 5 s when messages of our epoch do not open and somebody has not confirmed it', () => {
    const member = confirmed();
    member.begins(2, 20_000);
    member.hears('ben', 2, 20_500);
    const step = member.check.unopened(21_000);
    expect(step).toMatchObject({ verdict: agreed, wakeAtMs: 25_000 });
    expect(member.verdict(24_999)).toEqual(agreed);
    expect(member.verdict(25_000)).toEqual(forked('cleo'));
    expect(member.hears('cleo', 2, 25_100)).toEqual(agreed);
  });

  test('shows at once when the first such message comes later', () => {
    const member = inEpoch(1);
    expect(member.verdict(6_000)).toEqual(agreed);
    expect(member.check.unopened(6_100).verdict).toEqual(forked('ben', 'cleo'));
  });

  test('is not hidden by new epochs every 2 s', () => {
    const member = inEpoch(1);
    member.check.unopened(1_000);
    for (const epoch of [2, 3]) {
      member.begins(epoch, (epoch - 1) * 2_000);
      member.hears('ben', epoch, (epoch - 1) * 2_000);
    }
    expect(member.verdict(5_000)).toEqual(forked('cleo'));
  });

  test('is not made of a message from before the debt', () => {
    const member = confirmed();
    member.check.unopened(2_000);
    member.begins(2, 3_000);
    expect(member.verdict(9_000)).toEqual(agreed);
  });

  test('of four members in two halves shows on both sides within 10 s', () => {
    const names = ['ada', 'ben', 'cleo', 'dan'];
    const member = new Member();
    member.begins(1, 0, names);
    for (const name of ['ben', 'cleo', 'dan']) member.hears(name, 1, 500);
    member.begins(2, 1_000, names);
    member.hears('ben', 2, 1_050);
    member.check.unopened(1_060); // cleo and dan check in, in an epoch 2 of their own
    expect(member.verdict(6_000)).toEqual(forked('cleo', 'dan'));
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
    expect(wrong.hears('ben', 2, 2_000, 99)).toEqual(agreed);
    expect(wrong.begins(2, 2_500).verdict).toEqual({ kind: 'forked', memberIds: ['ben'] });
  });

  test('what they said is kept for 10 s', () => {
    const member = confirmed();
    member.hears('ben', 3, 2_000, 99);
    expect(member.begins(2, 11_999).verdict.kind).not.toBe('forked');
    expect(member.begins(3, 12_000).verdict.kind).toBe('forked');
    const late = confirmed();
    late.hears('ben', 3, 2_000, 99);
    late.begins(2, 12_000);
    expect(late.begins(3, 12_100).verdict.kind).not.toBe('forked');
  });

  test('one who is behind owes only the epochs after the one confirmed', () => {
    const member = inEpoch(1);
    member.begins(2, 4_000);
    member.hears('ben', 1, 5_000);
    member.hears('cleo', 1, 5_000);
    member.check.unopened(5_100);
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
    expect(member.hears('ben', 1, 2_100, 99)).toEqual(agreed);
  });

  test('words from the future take no more memory than 1,024 of them', () => {
    const member = confirmed();
    member.hears('ben', 2, 2_000, 99);
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
