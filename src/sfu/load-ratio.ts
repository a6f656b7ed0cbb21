/*
 * How full this server is, as one number. Rooms spill from a full worker to the next, so workers count together: their mean says
 * what is left for everybody, where the highest would close the door because of one large call. What fills first in practice is
 * the workers' CPU, in calls of many small pictures the consumers, and with hundreds who join at once the main thread.
 */

/** Shares of what there is, from 0; above 1 when rooms that were running have grown past it. */
export interface LoadSample {
  /** CPU time per time of each worker that runs, which has one thread. */
  readonly workers: readonly number[];
  /** Time in which Node's main thread was busy, per time. */
  readonly mainThread: number;
  readonly peers: number;
  readonly consumers: number;
}

export interface LoadRatio {
  /** 0 to 1: the highest of all. */
  readonly ratio: number;
  /** New rooms are to go elsewhere. */
  readonly isFull: boolean;
  readonly workers: number;
  readonly mainThread: number;
}

export const NO_LOAD: LoadRatio = { ratio: 0, isFull: false, workers: 0, mainThread: 0 };

/**
 * How much a new measure of time counts against those before: a burst of three samples passes by half. Higher refuses rooms
 * because of a moment, lower lets them in while the server is filling. What is counted, not measured, needs no smoothing.
 */
const SMOOTHING = 0.25;

/** A full server takes rooms again when so far below the limit: else each room that ends would let in one that fills it. */
const HYSTERESIS = 0.1;

/** The ratio after one more sample; samples come at a steady pace. Full at `limit` and above. */
export function nextLoadRatio(before: LoadRatio, sample: LoadSample, limit: number): LoadRatio {
  const workers = smoothed(before.workers, mean(sample.workers));
  const mainThread = smoothed(before.mainThread, sample.mainThread);
  const ratio = share(Math.max(workers, mainThread, sample.peers, sample.consumers));
  const isFull = ratio >= (before.isFull ? limit - HYSTERESIS : limit);
  return { ratio, isFull, workers, mainThread };
}

function smoothed(before: number, now: number): number {
  return before + SMOOTHING * (share(now) - before);
}

/** With no worker nothing can be carried. */
function mean(shares: readonly number[]): number {
  return shares.length === 0 ? 1 : shares.reduce((sum, each) => sum + each, 0) / shares.length;
}

const share = (value: number) => Math.min(Math.max(value, 0), 1);
