import { type Counts, NO_COUNTS } from '../../load/counts.ts';
import type { Measurement, Tick } from '../../load/measurement.ts';
import { parseMix } from '../../load/mix.ts';
import { planOf } from '../../load/plan.ts';

export const tick = (seconds: number, counts: readonly Partial<Counts>[], rest: Partial<Tick> = {}): Tick => ({
  atMs: seconds * 1_000,
  spanMs: 1_000,
  joined: counts.length,
  failed: 0,
  counts: new Map(counts.map((each, id) => [id, { ...NO_COUNTS, atMs: seconds * 1_000, ...each }])),
  expectedVideos: new Map(),
  generatorCpu: 0.2,
  machineCpu: 0.3,
  busiestBots: 0.1,
  loopDelayMs: 2,
  serverLoad: undefined,
  serverCpu: undefined,
  ...rest,
});

/** Of two bots in one room, or as many as there are counts. */
export function measurement(ticks: readonly Tick[], rest: Partial<Measurement> = {}): Measurement {
  const participants = Math.max(1, ticks[0]?.counts.size ?? 0);
  return {
    plan: planOf({ rooms: 1, participants, publishers: 2, mix: parseMix('bot'), rampPerSecond: 1 }),
    joinMs: new Map(),
    failures: [],
    ticks,
    window: { first: 0, last: ticks.length - 1 },
    ...rest,
  };
}
