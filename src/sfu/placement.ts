/** What a worker carries. What comes to it through pipes is no producer here, and what it gives to them no consumer. */
export interface WorkerLoad {
  readonly routers: number;
  readonly transports: number;
  readonly producers: number;
  readonly consumers: number;
  /** Of the consumers, those that rest: they are kept for a peer that may look at them soon. */
  readonly resting: number;
  /** Producers of other workers that are piped to this one. */
  readonly pipes: number;
  /** Ends of pipes that are here. */
  readonly pipeTransports: number;
  /** Peers that are on the way in, or here and have not received anything yet. */
  readonly waiting: number;
}

export const NOTHING_CARRIED: WorkerLoad = {
  routers: 0,
  transports: 0,
  producers: 0,
  consumers: 0,
  resting: 0,
  pipes: 0,
  pipeTransports: 0,
  waiting: 0,
};

/**
 * Consumers that somebody who receives nothing yet is reckoned to grow to: a grid of nine and three voices. Without it a crowd
 * that comes at once, and carries nothing yet, would all go to one worker. Higher spreads crowds, and with them rooms, over
 * more workers than they need; lower overfills one.
 */
const CONSUMERS_PER_NEWCOMER = 12;

/**
 * Consumers, which are what costs CPU: those that flow, and those that are about to be. One that rests costs a look per packet, where
 * one that flows costs a send, some twenty times as much; what is looked at instead of it weighs already.
 */
export function weightOf({
  consumers,
  resting,
  waiting,
}: Pick<WorkerLoad, 'consumers' | 'resting' | 'waiting'>): number {
  return consumers - resting + waiting * CONSUMERS_PER_NEWCOMER;
}

/**
 * The worker that takes one more peer of a room: of those that carry some of the room and have space, else of all, the one that
 * carries least; the first of equals, the room's own before others. A room that nobody carries goes where least is.
 * `undefined` when there is no worker. `space`: the weight at which a worker is full.
 */
export function placePeer<W extends { readonly load: WorkerLoad }>(
  workers: readonly W[],
  carry: (worker: W) => boolean,
  space: number,
): W | undefined {
  const byWeight = workers.toSorted(
    (a, b) => weightOf(a.load) - weightOf(b.load) || Number(carry(b)) - Number(carry(a)),
  );
  return byWeight.find((worker) => carry(worker) && weightOf(worker.load) < space) ?? byWeight[0];
}
