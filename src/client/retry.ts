/** The first try follows a loss at once, spread a little: a dead worker or server loses everybody in the same instant. */
const FIRST_SPREAD_MS = 100;

/** Doubles from here with every failure. Lower comes back sooner and knocks harder on a server that is starting. */
const BASE_MS = 500;

/** Ceiling of one wait: a person who gets their network back should not wait longer than this. */
const CEILING_MS = 5_000;

/** A call that cannot come back for this long is over: the person has long seen the banner and would rather be told. */
export const RETRY_LIMIT_MS = 60_000;

/** A join that held this long was a good one: the next loss starts counting anew. Without it, a join that breaks at once would loop. */
export const STABLE_MS = 10_000;

/** How long to wait before the next try, after `failures` tries in a row that failed. `random` is in [0, 1). */
export function retryDelayMs(failures: number, random: number): number {
  if (failures === 0) return random * FIRST_SPREAD_MS;
  const fullMs = Math.min(CEILING_MS, BASE_MS * 2 ** (failures - 1));
  return fullMs * (0.5 + random / 2);
}
