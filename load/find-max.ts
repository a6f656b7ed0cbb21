/** One size that was tried: participants in each room, and whether all held that had to. */
export interface Step {
  readonly size: number;
  readonly held: boolean;
}

/** Closer than an eighth is closer than two runs of the same size are to each other. */
const CLOSE = 1 / 8;

/**
 * The next size to try, or `undefined` when the largest that holds is known well enough: doubled while steps hold, then halved
 * between the largest that held and the smallest that did not. Never above `max`, never twice the same.
 */
export function nextSize(
  steps: readonly Step[],
  { first, max }: { readonly first: number; readonly max: number },
): number | undefined {
  const held = largestHeld(steps);
  const failed = Math.min(...steps.filter((step) => !step.held).map(({ size }) => size));
  if (steps.length === 0) return Math.min(first, max);
  if (failed === Number.POSITIVE_INFINITY) return held >= max ? undefined : Math.min(2 * held, max);
  if (failed - held <= Math.max(1, Math.floor(held * CLOSE))) return undefined;
  return Math.floor((held + failed) / 2);
}

/** 0 when none held. */
export function largestHeld(steps: readonly Step[]): number {
  return Math.max(0, ...steps.filter(({ held }) => held).map(({ size }) => size));
}
