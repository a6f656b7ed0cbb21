/** A worker that lived this long died of something else than its start. */
const STABLE_MS = 30_000;

/** Doubled at every early death. Lower burns CPU on a worker that cannot live; higher keeps a core idle longer. */
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 10_000;

/** How many deaths in a row came early, this one included: 0 when the worker had been stable. */
export function earlyDeaths(before: number, livedMs: number): number {
  return livedMs >= STABLE_MS ? 0 : before + 1;
}

/** How long to wait before the next start: not at all after a first death, because a call waits for it. */
export function restartDelayMs(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (deaths - 2), MAX_DELAY_MS);
}
