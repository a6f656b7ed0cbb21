import { cpuSecondsOf } from '../cpu-time.ts';
import { socketDropsOf } from '../socket-drops.ts';
import type { System } from '../systems/system.ts';

/** What a system and its endpoints have used so far. */
export interface Usage {
  /** Of each process of the server. */
  readonly cpuSeconds: readonly number[];
  readonly endpointsCpuSeconds: number;
  /** Datagrams that came and were not read in time. */
  readonly serverDrops: number;
  readonly endpointsDrops: number;
}

export function usageOf({ pids, endpoints }: Pick<System, 'pids' | 'endpoints'>): Usage {
  return {
    cpuSeconds: pids.map((pid) => cpuSecondsOf([pid])),
    endpointsCpuSeconds: cpuSecondsOf([endpoints.pid]),
    serverDrops: socketDropsOf(pids),
    endpointsDrops: socketDropsOf([endpoints.pid]),
  };
}

/** What was used between two readings. */
export function usedBetween(before: Usage, after: Usage): Usage {
  return {
    cpuSeconds: after.cpuSeconds.map((seconds, at) => seconds - (before.cpuSeconds[at] ?? 0)),
    endpointsCpuSeconds: after.endpointsCpuSeconds - before.endpointsCpuSeconds,
    serverDrops: after.serverDrops - before.serverDrops,
    endpointsDrops: after.endpointsDrops - before.endpointsDrops,
  };
}
