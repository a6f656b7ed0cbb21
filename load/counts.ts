/** What one participant has received so far. Everything but `videos` only grows. */
export interface Counts {
  /** When it was read, on the wall clock: participants are not read at the same moment. */
  readonly atMs: number;
  readonly packets: number;
  /** Packets that never came, however often they were asked for. */
  readonly lost: number;
  /** Sealed frames that opened; and those that did not, by reason. */
  readonly frames: number;
  readonly drops: Readonly<Record<string, number>>;
  /** Decoded; 0 of those who do not decode. */
  readonly pictures: number;
  readonly freezes: number;
  /** Times that the server gave it other paths, or that it joined again. */
  readonly interruptions: number;
  /** Cameras of others of which something came since the last reading. */
  readonly videos: number;
  /** From asking to join to the first picture; `undefined` before it, null of who cannot tell pictures. */
  readonly firstMediaMs: number | null | undefined;
  /** Out of the call without having been asked to leave. */
  readonly gone: boolean;
}

export const NO_COUNTS: Counts = {
  atMs: 0,
  packets: 0,
  lost: 0,
  frames: 0,
  drops: {},
  pictures: 0,
  freezes: 0,
  interruptions: 0,
  videos: 0,
  firstMediaMs: undefined,
  gone: false,
};

/** Who counts what, by the ids of the plan. */
export type CountsById = ReadonlyMap<number, Counts>;

type Growing = 'packets' | 'lost' | 'frames' | 'pictures' | 'freezes' | 'interruptions';

/** How much it grew between two readings. Nothing is negative: a counter that began anew did not shrink. */
export const grown = (before: Counts | undefined, after: Counts, key: Growing): number =>
  Math.max(0, after[key] - (before?.[key] ?? 0));

export function sumOfDrops(counts: Iterable<Pick<Counts, 'drops'>>): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { drops } of counts)
    for (const [reason, count] of Object.entries(drops)) sum[reason] = (sum[reason] ?? 0) + count;
  return sum;
}

/** On a clock that all processes of one machine, and pages in browsers on it, share; in fractions of a millisecond. */
export const wallMs = (): number => performance.timeOrigin + performance.now();
