/** What a worker carries. */
export interface WorkerLoad {
  readonly routers: number;
  readonly transports: number;
  readonly producers: number;
  readonly consumers: number;
}

/**
 * Consumers that a new room is reckoned to grow to: a call of three, each receiving the audio and video of two. Without it a
 * burst of new rooms, which carry nothing yet, would all go to one worker. Higher spreads rooms, lower spreads traffic.
 */
const CONSUMERS_PER_ROOM = 12;

/** The worker that takes the next room, the first of equals; `undefined` when there is none. Consumers are what costs CPU. */
export function leastLoaded<W extends { readonly load: WorkerLoad }>(workers: readonly W[]): W | undefined {
  const cost = ({ load }: W) => load.consumers + load.routers * CONSUMERS_PER_ROOM;
  return workers.toSorted((a, b) => cost(a) - cost(b))[0];
}
