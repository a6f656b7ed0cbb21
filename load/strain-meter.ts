import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { cpuSecondsOf } from '../bench/cpu-time.ts';

interface Usage {
  readonly atMs: number;
  readonly byPid: ReadonlyMap<number, number>;
  readonly machine: { readonly busyMs: number; readonly allMs: number };
}

/** CPU time since the reading before: shares of the whole machine, or of one core. */
export interface Used {
  /** 0 to 1, of all cores. */
  readonly generator: number;
  readonly machine: number;
  /** Of one core, by the busiest of the processes that were named and those below them. */
  readonly busiest: number;
  /** In cores; `undefined` without a server of one's own. */
  readonly server: number | undefined;
}

/**
 * How much of this machine is used, and by whom: the generator is this process and everything below it, browsers among it, but for
 * the server when it is ours. A process that came since the last reading counts from its beginning, one that has gone not any more.
 */
export class StrainMeter {
  readonly #serverPids: () => readonly number[];
  #before: Usage;

  constructor(serverPids: () => readonly number[]) {
    this.#serverPids = serverPids;
    this.#before = this.#usage();
  }

  read(singleCorePids: readonly number[]): Used {
    const [before, after] = [this.#before, this.#usage()];
    this.#before = after;
    const seconds = (after.atMs - before.atMs) / 1_000;
    const cores = (pid: number) => Math.max(0, (after.byPid.get(pid) ?? 0) - (before.byPid.get(pid) ?? 0)) / seconds;
    const sum = (pids: readonly number[]) => pids.reduce((all, pid) => all + cores(pid), 0);
    const server = this.#serverPids();
    const generator = [...after.byPid.keys()].filter((pid) => !server.includes(pid));
    const machineMs = after.machine.allMs - before.machine.allMs;
    return {
      generator: sum(generator) / availableParallelism(),
      machine: machineMs > 0 ? (after.machine.busyMs - before.machine.busyMs) / machineMs : 0,
      busiest: Math.max(0, ...singleCorePids.flatMap(descendants).map(cores)),
      server: server.length === 0 ? undefined : sum(server),
    };
  }

  #usage(): Usage {
    const byPid = new Map<number, number>();
    for (const pid of descendants(process.pid)) {
      const seconds = whileThere(() => cpuSecondsOf([pid]));
      if (seconds !== undefined) byPid.set(pid, seconds);
    }
    return { atMs: performance.now(), byPid, machine: machineTimes() };
  }
}

/** That process and all that it started, and they in turn. */
function descendants(pid: number): number[] {
  const threads = whileThere(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const children = threads.flatMap((thread) => {
    const line = whileThere(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')) ?? '';
    return line.trim().split(' ').filter(Boolean).map(Number);
  });
  return [pid, ...children.flatMap(descendants)];
}

/** Processes and threads end while they are read: `undefined` then. */
function whileThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function machineTimes() {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.flatMap(Object.values).reduce((sum: number, ms: number) => sum + ms, 0);
  const idle = times.reduce((sum, { idle }) => sum + idle, 0);
  return { busyMs: all - idle, allMs: all };
}
