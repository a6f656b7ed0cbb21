import type { CallMember, MemberId, Security } from '../src/client/index.ts';

/** What the lock in the corner says, the worst thing first. */
export type SecurityMark =
  /** Nothing is sent: `security.admittance` says why. */
  | 'halted'
  /** The keys are on their way, at the start and after a lost connection. */
  | 'settling'
  | 'changed-device'
  | 'unconfirmed'
  /** Once for all of them: a mark on every tile would say no more. */
  | 'most-unconfirmed'
  /** Somebody came whom nobody compared the code with, to people who had. */
  | 'new'
  | 'verified'
  /** Nobody compared a code yet. */
  | 'encrypted';

export function securityMark(security: Security): SecurityMark {
  const { admittance, verdict } = security;
  if (admittance.kind === 'halted') return 'halted';
  if (admittance.kind !== 'inside') return 'settling';
  const trusts = otherMembers(security).map(({ trust }) => trust);
  if (trusts.includes('changed-device')) return 'changed-device';
  if (areMostUnconfirmed(security)) return 'most-unconfirmed';
  if (verdict.kind === 'unconfirmed') return 'unconfirmed';
  if (!trusts.includes('verified')) return 'encrypted';
  return trusts.includes('new') ? 'new' : 'verified';
}

/** What is odd about one member; `undefined` when nothing is. */
export type Doubt = 'forked' | 'changed-device' | 'unconfirmed';

export function doubtOf(memberId: MemberId, { members, verdict }: Security): Doubt | undefined {
  const isNamed = verdict.kind !== 'agreed' && verdict.memberIds.includes(memberId);
  if (isNamed && verdict.kind === 'forked') return 'forked';
  if (members.get(memberId)?.trust === 'changed-device') return 'changed-device';
  return isNamed ? 'unconfirmed' : undefined;
}

/** The same for their tile: what the lock says of most is marked on none. */
export function tileDoubtOf(memberId: MemberId, security: Security): Doubt | undefined {
  const doubt = doubtOf(memberId, security);
  return doubt === 'unconfirmed' && areMostUnconfirmed(security) ? undefined : doubt;
}

/** Fewer are worth a mark each. */
const MANY = 4;

function areMostUnconfirmed(security: Security): boolean {
  const { verdict } = security;
  if (verdict.kind !== 'unconfirmed') return false;
  return verdict.memberIds.length >= MANY && verdict.memberIds.length * 2 > otherMembers(security).length;
}

export function otherMembers({ members, self }: Security): readonly CallMember[] {
  return [...members.values()].filter(({ memberId }) => memberId !== self);
}

/** As their leaf names them; `undefined` for who is gone. */
export function memberName(memberId: MemberId, { members }: Security): string | undefined {
  const member = members.get(memberId);
  return member && (member.name ?? member.userId);
}
