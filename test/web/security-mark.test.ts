import { describe, expect, test } from 'vitest';
import type { CallMember, MemberId, Security } from '../../src/client/index.ts';
import {
  doubtOf,
  memberName,
  otherMembers,
  type SecurityMark,
  securityMark,
  tileDoubtOf,
} from '../../web/security-mark.ts';

const id = (text: string) => text as MemberId;

const member = (name: string, trust: CallMember['trust']): CallMember => ({
  memberId: id(name),
  userId: `user of ${name}`,
  deviceId: `device of ${name}`,
  name,
  trust,
});

function securityOf(trusts: readonly CallMember['trust'][], rest: Partial<Security> = {}): Security {
  const members = [member('self', 'new'), ...trusts.map((trust, index) => member(`other ${index}`, trust))];
  return {
    admittance: { kind: 'inside' },
    self: id('self'),
    epoch: 1,
    members: new Map(members.map((each) => [each.memberId, each])),
    presence: new Map(),
    verdict: { kind: 'agreed' },
    emoji: { kind: 'none' },
    digits: undefined,
    knockers: [],
    ...rest,
  };
}

const unconfirmed: Partial<Security> = { verdict: { kind: 'unconfirmed', memberIds: [id('other 0')] } };
const silent = (count: number): Partial<Security> => ({
  verdict: { kind: 'unconfirmed', memberIds: Array.from({ length: count }, (_, index) => id(`other ${index}`)) },
});
const forked: Partial<Security> = { verdict: { kind: 'forked', memberIds: [id('other 0')] } };

describe('the lock', () => {
  test.each<[SecurityMark, string, Security]>([
    ['encrypted', 'alone', securityOf([])],
    ['encrypted', 'nobody compared a code', securityOf(['new', 'new'])],
    ['verified', 'everybody was compared', securityOf(['verified', 'verified'])],
    ['new', 'somebody came after that', securityOf(['verified', 'new'])],
    ['changed-device', 'a known person came with another key', securityOf(['verified', 'changed-device'])],
    ['unconfirmed', 'a device is silent', securityOf(['verified'], unconfirmed)],
    ['most-unconfirmed', 'most devices are silent', securityOf(Array(7).fill('new'), silent(4))],
    ['unconfirmed', 'half of the devices are silent', securityOf(Array(8).fill('new'), silent(4))],
    ['unconfirmed', 'all of three devices are silent', securityOf(Array(3).fill('new'), silent(3))],
    ['changed-device', 'a tunnel hides no changed device', securityOf(['changed-device'], unconfirmed)],
    ['settling', 'the keys are on their way', securityOf(['verified'], { admittance: { kind: 'asking' } })],
    ['halted', 'forked', securityOf(['verified'], { ...forked, admittance: { kind: 'halted', cause: 'forked' } })],
  ])('says %s: %s', (mark, _, security) => {
    expect(securityMark(security)).toBe(mark);
  });
});

describe('what is odd about one member', () => {
  test.each([
    [undefined, securityOf(['new'])],
    [undefined, securityOf(['verified', 'changed-device'])],
    ['changed-device', securityOf(['changed-device'])],
    ['changed-device', securityOf(['changed-device'], unconfirmed)],
    ['unconfirmed', securityOf(['verified'], unconfirmed)],
    ['forked', securityOf(['changed-device'], forked)],
  ])('is %s', (doubt, security) => {
    expect(doubtOf(id('other 0'), security)).toBe(doubt);
  });
});

describe('what a tile is marked with', () => {
  test.each([
    ['unconfirmed', 'few are silent', securityOf(Array(8).fill('new'), silent(4))],
    [undefined, 'most are, and the lock says it once', securityOf(Array(7).fill('new'), silent(4))],
    ['changed-device', 'never hidden', securityOf(Array(7).fill('changed-device'), silent(4))],
    [
      'forked',
      'never hidden',
      securityOf(Array(7).fill('new'), { verdict: { ...silent(4).verdict, kind: 'forked' } as Security['verdict'] }),
    ],
  ])('%s: %s', (doubt, _, security) => {
    expect(tileDoubtOf(id('other 0'), security)).toBe(doubt);
  });
});

test('the others are without oneself, and who is gone has no name', () => {
  const security = securityOf(['new', 'verified']);
  expect(otherMembers(security).map(({ name }) => name)).toEqual(['other 0', 'other 1']);
  expect(memberName(id('other 1'), security)).toBe('other 1');
  expect(memberName(id('gone'), security)).toBeUndefined();
});
