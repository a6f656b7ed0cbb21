import type { ForwardingRound } from './forwarding-round.ts';

/** Where a server is called full: fewer packets arrive, or later. */
export const MIN_DELIVERED_SHARE = 0.99;
const MAX_DELAY_P99_MS = 20;

/** From one size to the next: smaller steps find the knee more exactly, and take longer. */
const GROWTH = 1.2;

/** Load at which operators run a server, of what it can. */
const USUAL_LOAD = 0.7;

export interface KneeStep extends ForwardingRound {
  readonly size: number;
  readonly packets_per_second: number;
}

export interface Knee {
  /** The last size that held; absent when none did. */
  readonly knee: KneeStep | undefined;
  /** The first that did not, the second time either; absent when all held. */
  readonly failed: KneeStep | undefined;
  /** The step nearest to 70 % of the knee's packets. */
  readonly at_usual_load: KneeStep | undefined;
  /** The endpoints and not the server may be what ended it. */
  readonly generator_saturated: boolean;
  readonly steps: readonly KneeStep[];
}

export function holds({ delivered_share, delay_p99_ms }: ForwardingRound): boolean {
  return delivered_share >= MIN_DELIVERED_SHARE && delay_p99_ms <= MAX_DELAY_P99_MS;
}

/** Sizes from the first to the last, each a fifth larger than the one before. */
export function sizesBetween(first: number, last: number): number[] {
  const sizes: number[] = [];
  for (let size = first; size <= last; size = Math.ceil(size * GROWTH)) sizes.push(size);
  return sizes;
}

/** Grows until a size fails twice: on a shared machine others cost a tick, too. */
export async function climb(
  sizes: readonly number[],
  measure: (size: number) => Promise<ForwardingRound>,
): Promise<Knee> {
  const steps: KneeStep[] = [];
  for (const size of sizes) {
    const first = await measure(size);
    const round = holds(first) ? first : await measure(size);
    steps.push({ size, packets_per_second: round.packets / round.seconds, ...round });
    if (!holds(round)) break;
  }
  return kneeOf(steps);
}

export function kneeOf(steps: readonly KneeStep[]): Knee {
  const held = steps.filter(holds);
  const failed = steps.find((step) => !holds(step));
  const knee = held.at(-1);
  const wanted = (knee?.packets_per_second ?? 0) * USUAL_LOAD;
  const distance = (step: KneeStep) => Math.abs(step.packets_per_second - wanted);
  const [nearest] = held.toSorted((left, right) => distance(left) - distance(right));
  return { knee, failed, at_usual_load: nearest, generator_saturated: failed?.generator_saturated ?? false, steps };
}

/**
 * The delay p99 of one at 70 % of its knee as a multiple of another's at 70 % of its own, of one round each. Absent unless both have a knee:
 * a size that failed, and not because the endpoints were busy.
 */
export function delayRatio(ours: Knee | undefined, theirs: Knee | undefined): number | undefined {
  const hasKnee = (knee: Knee | undefined) => knee?.failed !== undefined && !knee.generator_saturated;
  if (!hasKnee(ours) || !hasKnee(theirs)) return undefined;
  const [own, other] = [ours?.at_usual_load, theirs?.at_usual_load];
  return own && other && own.delay_p99_ms / other.delay_p99_ms;
}
