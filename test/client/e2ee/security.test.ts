import { describe, expect, test } from 'vitest';
import type { MemberId } from '../../../src/base/index.ts';
import type { DeviceKey } from '../../../src/client/e2ee/device-key.ts';
import type { ForkVerdict } from '../../../src/client/e2ee/fork-check.ts';
import type { Standing } from '../../../src/client/e2ee/group-listener.ts';
import {
  type Admittance,
  NO_SECURITY,
  ownMember,
  type Security,
  securityAfter,
  securityBegun,
  securityHalted,
} from '../../../src/client/e2ee/security.ts';

const ada = 'ada' as MemberId;
const ben = 'ben' as MemberId;
const AGREED: ForkVerdict = { kind: 'agreed' };
const FORKED: ForkVerdict = { kind: 'forked', memberIds: [ben] };
const member = (memberId: MemberId) => ({ memberId, userId: 'u', deviceId: 'd', name: 'n', trust: 'new' as const });
const inside: Security = { ...NO_SECURITY, admittance: { kind: 'inside' } };
const halted = (cause: 'forked' | 'commit-refused' | 'unsealed' | 'broke'): Admittance => ({ kind: 'halted', cause });
const standingOf = (before: Security, standing: Standing) =>
  securityAfter(before, { kind: 'standing', standing }).admittance;
const judged = (before: Security, verdict: ForkVerdict) => securityAfter(before, { kind: 'agreement', verdict });

describe('admittance', () => {
  test.each<[Standing, Admittance]>([
    [{ kind: 'outside' }, { kind: 'outside' }],
    [{ kind: 'asking' }, { kind: 'asking' }],
    [{ kind: 'waiting' }, { kind: 'waiting' }],
    [{ kind: 'inside' }, { kind: 'inside' }],
    [{ kind: 'rejecting' }, halted('commit-refused')],
    [
      { kind: 'refused', reason: 'denied' },
      { kind: 'refused', reason: 'denied' },
    ],
  ])('standing %o', (standing, admittance) => expect(standingOf(NO_SECURITY, standing)).toEqual(admittance));

  test('a fork halts who is inside, and nobody else; agreement lets them go on', () => {
    expect(judged(inside, FORKED).admittance).toEqual(halted('forked'));
    expect(judged(judged(inside, FORKED), AGREED).admittance).toEqual({ kind: 'inside' });
    expect(judged(NO_SECURITY, FORKED).admittance).toEqual({ kind: 'outside' });
    expect(judged(inside, { kind: 'unconfirmed', memberIds: [ben] }).admittance).toEqual({ kind: 'inside' });
  });

  test('who comes in, or back from a refused commit, while forked is halted', () => {
    expect(standingOf(judged(NO_SECURITY, FORKED), { kind: 'inside' })).toEqual(halted('forked'));
    const refusing = { ...inside, admittance: halted('commit-refused') };
    expect(judged(refusing, AGREED).admittance).toEqual(halted('commit-refused'));
    expect(standingOf(refusing, { kind: 'inside' })).toEqual({ kind: 'inside' });
  });

  test.each(['unsealed', 'broke'] as const)('%s is final, whatever comes, in the next stay too', (cause) => {
    const broken = securityHalted(inside, cause);
    expect(standingOf(broken, { kind: 'inside' })).toEqual(halted(cause));
    expect(judged(broken, AGREED).admittance).toEqual(halted(cause));
    expect(securityBegun(broken, ada).admittance).toEqual(halted(cause));
  });

  test('a new stay forgets all else', () => {
    expect(securityBegun(judged(inside, FORKED), ada)).toEqual({ ...NO_SECURITY, self: ada });
  });
});

describe('the snapshot', () => {
  const members = (epoch: number, ...ids: readonly MemberId[]) =>
    ({ kind: 'members', epoch, self: ada, members: ids.map(member) }) as const;
  const presence = { microphoneOn: true, cameraOn: false, handRaised: false, recording: false };

  test('holds the members of the last epoch, what they show, and oneself', () => {
    let security = securityAfter(NO_SECURITY, members(1, ada, ben));
    security = securityAfter(security, { kind: 'presence', memberId: ben, presence });
    expect([...security.presence]).toEqual([[ben, presence]]);
    expect(ownMember(security)?.memberId).toBe(ada);
    security = securityAfter(security, members(2, ada));
    expect([[...security.members.keys()], security.presence.size, security.epoch]).toEqual([[ada], 0, 2]);
  });

  test('shows the digits of its epoch only', () => {
    const digits = ['12345'];
    const security = securityAfter(securityAfter(NO_SECURITY, members(1, ada)), { kind: 'digits', epoch: 1, digits });
    expect(security.digits).toBe(digits);
    expect(securityAfter(security, members(1, ada)).digits).toBe(digits);
    expect(securityAfter(security, members(2, ada)).digits).toBeUndefined();
    expect(securityAfter(security, { kind: 'digits', epoch: 0, digits: [] })).toBe(security);
  });

  test('keeps the emoji and those who knock', () => {
    const knockers = [{ memberId: ben, deviceKey: 'aa' as DeviceKey, name: 'Ben' }];
    expect(securityAfter(inside, { kind: 'knocking', knockers }).knockers).toBe(knockers);
    expect(securityAfter(inside, { kind: 'emoji', code: { kind: 'making' } }).emoji).toEqual({ kind: 'making' });
  });
});
