import type { Lifetime } from 'ts-mls/lifetime.js';

/** A key package is offered right before it is used: whoever steals an old one gets nothing. */
const VALID_S = 5n * 60n;

/** A key package counts from this long before it was made, for committers whose clock is behind. */
const SKEW_S = 60n;

/**
 * How long after its end members still accept a key package that somebody committed. The committer looked at its own
 * clock; those who follow may have been away, or have a poor clock. Turning it down forks people with poor clocks off
 * the call.
 */
const TOLERANCE_S = 10n * 60n;

const seconds = (nowMs: number) => BigInt(Math.floor(nowMs / 1000));

/** For a key package that is made now (RFC 9420 section 7.2, in seconds since 1970). */
export function lifetimeFrom(nowMs: number): Lifetime {
  return { notBefore: seconds(nowMs) - SKEW_S, notAfter: seconds(nowMs) + VALID_S };
}

export function isTooLong({ notBefore, notAfter }: Lifetime): boolean {
  return notAfter - notBefore > VALID_S + SKEW_S;
}

/** Whether a committer may use it. */
export function isCurrent({ notBefore, notAfter }: Lifetime, nowMs: number): boolean {
  return notBefore <= seconds(nowMs) && seconds(nowMs) <= notAfter;
}

/** Whether a member may follow a commit that uses it. */
export function isRecent({ notBefore, notAfter }: Lifetime, nowMs: number): boolean {
  return notBefore <= seconds(nowMs) + TOLERANCE_S && seconds(nowMs) <= notAfter + TOLERANCE_S;
}
