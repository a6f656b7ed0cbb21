/*
 * Bandwidth is shared out by mediasoup's worker itself, several times a second, transport by transport (Transport.cpp,
 * DistributeAvailableOutgoingBitrate): the most important consumer first, each takes one layer step (the lowest layer); then, round
 * after round, each takes up to `priority` further steps, as long as they fit into the estimate. What does not fit is tried again
 * only when the estimate has been steady for 10 s. So a priority is a number of steps, and two tiles of priority 100 are not
 * equals: one takes all it wants before the other has its second step. What people mean by a priority is turned into steps here.
 */

/** From nothing to the top of three spatial layers of three temporal ones. So many at once leave what is left to the next. */
const EVERY_STEP = 9;

/** One spatial layer in all its temporal ones. Lower lets the unimportant in sooner, higher lets equals differ by more. */
const STEPS_OF_A_LAYER = 3;

/**
 * mediasoup's priority for each of the tiles' own. The least important take a step at a time, so that they grow together. Who is more
 * important than others takes everything first when alone in that, a spatial layer at a time when there are several. Never
 * above 255: a view has 50 tiles.
 */
export function layerStepsOf(priorities: readonly number[]): ReadonlyMap<number, number> {
  const tiles = new Map<number, number>();
  for (const priority of priorities) tiles.set(priority, (tiles.get(priority) ?? 0) + 1);
  const steps = new Map<number, number>();
  let below = 0;
  for (const [priority, count] of [...tiles].sort(([a], [b]) => a - b)) {
    const least = below === 0 ? 1 : count === 1 ? EVERY_STEP : STEPS_OF_A_LAYER;
    below = Math.max(least, below + 1);
    steps.set(priority, below);
  }
  return steps;
}
