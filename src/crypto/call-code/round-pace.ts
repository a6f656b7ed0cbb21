import type { MemberId } from '../../base/index.ts';

/**
 * One guess of an attacker costs one round: the pace is what makes 36 bits enough. Lower serves impatient people and
 * attackers.
 */
const OF_ONE_STARTER_MS = 10_000;
const OF_ALL_MS = 3_000;

/** We wait this much longer than we ask of others, so that no network's jitter makes somebody else ignore our start. */
const MARGIN_MS = 1_000;

/** When the last rounds began, as we saw it. */
export interface RoundPace {
  readonly lastMs: number;
  /**
   * The last round ended before anybody showed a share: it was no guess, and does not hold up a start that crossed it.
   */
  readonly isForgiven: boolean;
  /** Only starters whose time is not over yet. */
  readonly lastOf: ReadonlyMap<MemberId, number>;
}

export const NO_ROUNDS: RoundPace = { lastMs: Number.NEGATIVE_INFINITY, isForgiven: false, lastOf: new Map() };

/** True when another's start counts; false: it is ignored. */
export function mayStart(pace: RoundPace, starterId: MemberId, nowMs: number): boolean {
  const isTime = pace.isForgiven || nowMs - pace.lastMs >= OF_ALL_MS;
  return isTime && mayOvertake(pace, starterId, nowMs);
}

/** The same for a start that meets another one: it may come at any time, but not often from the same member. */
export function mayOvertake(pace: RoundPace, starterId: MemberId, nowMs: number): boolean {
  return nowMs - lastOf(pace, starterId) >= OF_ONE_STARTER_MS;
}

/** From when on a start of our own is taken by everybody: what a button waits for. */
export function ownStartAtMs(pace: RoundPace, self: MemberId): number {
  return Math.max(pace.lastMs + OF_ALL_MS, lastOf(pace, self) + OF_ONE_STARTER_MS) + MARGIN_MS;
}

export function started(pace: RoundPace, starterId: MemberId, nowMs: number): RoundPace {
  const recent = [...pace.lastOf].filter(([, atMs]) => nowMs - atMs < OF_ONE_STARTER_MS + MARGIN_MS);
  return { lastMs: nowMs, isForgiven: false, lastOf: new Map([...recent, [starterId, nowMs]]) };
}

function lastOf({ lastOf }: RoundPace, starterId: MemberId): number {
  return lastOf.get(starterId) ?? Number.NEGATIVE_INFINITY;
}
