import type { CountsById } from './counts.ts';
import type { Planned } from './plan.ts';

export interface JoinFailure {
  readonly id: number;
  /** The server's word for a refusal, else `timeout` or `error`. */
  readonly code: string;
  readonly message: string;
}

/** How the machines were in one second. `undefined` is what cannot be read. */
export interface Strain {
  /** Of this machine's cores, 0 to 1, by everything that belongs to the participants. */
  readonly generatorCpu: number;
  /** By everything on this machine. */
  readonly machineCpu: number;
  /** The busiest process of bots, of one core: it cannot use a second one. */
  readonly busiestBots: number;
  /** The 99th percentile of how late timers were, in the process that was latest. */
  readonly loopDelayMs: number;
  /** What the server says of itself, 0 to 1. */
  readonly serverLoad: number | undefined;
  /** Of the own server, in cores. */
  readonly serverCpu: number | undefined;
}

/** One reading, about every second. */
export interface Tick extends Strain {
  /** Since the first join was due. */
  readonly atMs: number;
  /** Since the tick before it. */
  readonly spanMs: number;
  readonly joined: number;
  readonly failed: number;
  readonly counts: CountsById;
  /** Videos that each is to see by now, by the ids of the plan. */
  readonly expectedVideos: ReadonlyMap<number, number>;
}

/** All that was observed in one run; figures and charts are made of it. */
export interface Measurement {
  readonly plan: readonly Planned[];
  /** By the ids of the plan. */
  readonly joinMs: ReadonlyMap<number, number>;
  readonly failures: readonly JoinFailure[];
  readonly ticks: readonly Tick[];
  /** The ticks at which the time began, and ended, when everybody was there; `undefined` when it came to none. */
  readonly window: { readonly first: number; readonly last: number } | undefined;
}
