import { isSame, type Wanted } from './view.ts';

/**
 * A consumer that is not shown rests for so long before it is closed: it costs a look per packet of its producer, and spares
 * opening it anew. Turning a page and back takes less. Higher makes scrolling cost more.
 */
export const REST_MS = 10_000;

/** What a consumer is for now. */
export interface Service {
  readonly wanted: Wanted;
  /** Since when it rests, paused; `undefined` when it is shown or heard. */
  readonly restsSinceMs: number | undefined;
}

export interface RestingService extends Service {
  readonly restsSinceMs: number;
}

/** What to do so that the consumers are those that are needed. */
export interface Plan<P> {
  readonly close: readonly P[];
  readonly open: readonly (readonly [P, Service])[];
  /** With the moment from which it rests; also what rests already and was named anew. */
  readonly pause: readonly (readonly [P, number])[];
  readonly resume: readonly (readonly [P, Wanted])[];
  readonly relayer: readonly (readonly [P, Wanted])[];
  /** When something has rested for long enough; `undefined` when nothing rests. */
  readonly wakeAtMs: number | undefined;
}

export interface Needs<P> {
  /** What flows. */
  readonly wanted: ReadonlyMap<P, Wanted>;
  /** What may flow in a moment, since when, the likeliest first; opened with that. */
  readonly named: ReadonlyMap<P, RestingService>;
  readonly existing: ReadonlyMap<P, Service>;
  /** No more rest; those that have for longest go first. */
  readonly maxResting: number;
}

/** Costs as much as there is in `needs`, whatever the size of the room. What has been done already is not done again. */
export function plan<P>(needs: Needs<P>, nowMs: number): Plan<P> {
  const { wanted, named, existing } = needs;
  const resting = restingOf(needs, nowMs);
  const shown = [...wanted].filter(([producer]) => existing.get(producer)?.restsSinceMs === undefined);
  return {
    close: [...existing.keys()].filter((producer) => !wanted.has(producer) && !resting.has(producer)),
    open: [
      ...shown
        .filter(([producer]) => !existing.has(producer))
        .map(([producer, how]) => [producer, { wanted: how, restsSinceMs: undefined }] as const),
      ...[...named].filter(([producer]) => resting.has(producer) && !existing.has(producer)),
    ],
    pause: [...resting].filter(([producer, sinceMs]) => {
      const present = existing.get(producer);
      return present !== undefined && present.restsSinceMs !== sinceMs;
    }),
    resume: [...wanted].filter(([producer]) => existing.get(producer)?.restsSinceMs !== undefined),
    relayer: shown.filter(([producer, how]) => {
      const present = existing.get(producer);
      return present !== undefined && !isSame(present.wanted, how);
    }),
    wakeAtMs: resting.size === 0 ? undefined : Math.min(...resting.values()) + REST_MS,
  };
}

/** What rests from now on, and since when. */
function restingOf<P>({ wanted, named, existing, maxResting }: Needs<P>, nowMs: number): ReadonlyMap<P, number> {
  const since = new Map<P, number>();
  for (const [producer, { restsSinceMs }] of named) since.set(producer, restsSinceMs);
  for (const [producer, { restsSinceMs = nowMs }] of existing) {
    since.set(producer, Math.max(restsSinceMs, since.get(producer) ?? Number.NEGATIVE_INFINITY));
  }
  const candidates = [...since].filter(([producer, sinceMs]) => !wanted.has(producer) && nowMs - sinceMs < REST_MS);
  return new Map(candidates.sort(([, a], [, b]) => b - a).slice(0, maxResting));
}
