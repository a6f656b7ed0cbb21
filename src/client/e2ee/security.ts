import type { MemberId } from '../../base/index.ts';
import type { Presence } from '../../wire/index.ts';
import type { CallMember, Members } from '../roster.ts';
import type { EmojiCode } from './emoji-code.ts';
import type { ForkVerdict } from './fork-check.ts';
import type { Knocker, RefusedReason } from './group-listener.ts';
import type { SnapshotNews } from './news.ts';

/**
 *     outside --> asking <--> waiting --> refused
 *                   \--> inside <--> halted
 */
export type Admittance =
  | { readonly kind: 'outside' | 'asking' }
  /** In the lobby, until a member presses Admit. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'inside' }
  /** Inside, and nothing is sent until it is certain again that all are in the same call. */
  | { readonly kind: 'halted'; readonly cause: HaltCause }
  | { readonly kind: 'refused'; readonly reason: RefusedReason };

/**
 * `forked`: people see different calls. `commit-refused`: the server brought a change that nobody here may accept, such as a stranger.
 * `unsealed`: the browser sent past the transform. `broke`: the SDK's worker failed.
 */
export type HaltCause = 'forked' | 'commit-refused' | 'unsealed' | 'broke';

/** How a call is secured now. A snapshot: a change makes a new one. */
export interface Security extends Members {
  readonly admittance: Admittance;
  readonly self: MemberId | undefined;
  /** Grows with every commit; `undefined` before the group is entered. */
  readonly epoch: number | undefined;
  readonly verdict: ForkVerdict;
  readonly emoji: EmojiCode;
  /** Only while `watchDigits` is on. */
  readonly digits: readonly string[] | undefined;
  readonly knockers: readonly Knocker[];
}

export const NO_SECURITY: Security = {
  admittance: { kind: 'outside' },
  self: undefined,
  epoch: undefined,
  members: new Map(),
  presence: new Map(),
  verdict: { kind: 'agreed' },
  emoji: { kind: 'none' },
  digits: undefined,
  knockers: [],
};

export function securityAfter(before: Security, news: SnapshotNews): Security {
  switch (news.kind) {
    case 'standing':
      return { ...before, admittance: admittanceOf(before, news.standing) };
    case 'members': {
      const members = new Map(news.members.map((member) => [member.memberId, member]));
      const presence = new Map([...before.presence].filter(([memberId]) => members.has(memberId)));
      const digits = news.epoch === before.epoch ? before.digits : undefined;
      return { ...before, self: news.self, epoch: news.epoch, members, presence, digits };
    }
    case 'presence':
      return { ...before, presence: withPresence(before.presence, news.memberId, news.presence) };
    case 'agreement':
      return { ...before, verdict: news.verdict, admittance: agreed(before.admittance, news.verdict) };
    case 'emoji':
      return { ...before, emoji: news.code };
    case 'digits':
      return news.epoch === before.epoch ? { ...before, digits: news.digits } : before;
    case 'knocking':
      return { ...before, knockers: news.knockers };
  }
}

/** A new stay: all is forgotten but what is final. */
export function securityBegun({ admittance }: Security, self: MemberId): Security {
  return { ...NO_SECURITY, self, ...(isFinal(admittance) && { admittance }) };
}

/** What the page's own thread found wrong: final for this call. */
export function securityHalted(before: Security, cause: 'unsealed' | 'broke'): Security {
  return { ...before, admittance: { kind: 'halted', cause } };
}

function admittanceOf(
  { admittance, verdict }: Security,
  standing: Extract<SnapshotNews, { readonly kind: 'standing' }>['standing'],
): Admittance {
  if (isFinal(admittance)) return admittance;
  if (standing.kind === 'rejecting') return { kind: 'halted', cause: 'commit-refused' };
  if (standing.kind === 'refused') return { kind: 'refused', reason: standing.reason };
  if (standing.kind === 'inside') return agreed({ kind: 'inside' }, verdict);
  return { kind: standing.kind };
}

function agreed(admittance: Admittance, verdict: ForkVerdict): Admittance {
  if (admittance.kind === 'inside' && verdict.kind === 'forked') return { kind: 'halted', cause: 'forked' };
  const healed = admittance.kind === 'halted' && admittance.cause === 'forked' && verdict.kind !== 'forked';
  return healed ? { kind: 'inside' } : admittance;
}

/** Nothing is sent any more in this call. */
export function isFinal(admittance: Admittance): boolean {
  return admittance.kind === 'halted' && (admittance.cause === 'unsealed' || admittance.cause === 'broke');
}

function withPresence(
  before: ReadonlyMap<MemberId, Presence>,
  memberId: MemberId,
  presence: Presence,
): ReadonlyMap<MemberId, Presence> {
  return new Map([...before, [memberId, presence]]);
}

/** Oneself as the others see it. */
export function ownMember({ self, members }: Security): CallMember | undefined {
  return self === undefined ? undefined : members.get(self);
}
