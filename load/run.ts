import { setTimeout } from 'node:timers/promises';
import type { CountsById } from './counts.ts';
import { type Layout, othersShown } from './layout.ts';
import type { JoinFailure, Measurement, Tick } from './measurement.ts';
import type { Kind } from './mix.ts';
import { type Crowd, type Planned, planOf } from './plan.ts';
import { JoinError, type Pool } from './pool.ts';
import type { Server } from './server.ts';
import type { Status } from './status.ts';
import { formatStatus, type Phase } from './status-line.ts';
import { StrainMeter } from './strain-meter.ts';

const TICK_MS = 1_000;

/** Behind the last join: key changes, first pictures and bandwidth estimates are under way, and are not what is measured. */
const SETTLE_MS = 3_000;

export interface RunOptions {
  readonly crowd: Crowd;
  readonly layout: Layout;
  readonly durationMs: number;
  readonly server: Server;
  readonly pools: ReadonlyMap<Kind, Pool>;
  readonly status: Status;
  /** Ends the run early, with what was measured so far. */
  readonly signal: AbortSignal;
  /** While everybody is still there, behind the last reading. */
  readonly measured: () => Promise<void>;
}

/** Lets a crowd into the server's rooms, watches it for a while, and lets it leave. */
export async function runCrowd(options: RunOptions): Promise<Measurement> {
  const run = new Run(options);
  try {
    return await run.measure();
  } finally {
    await Promise.all([...options.pools.values()].map((pool) => pool.close()));
  }
}

class Run {
  readonly #options: RunOptions;
  readonly #plan: readonly Planned[];
  readonly #joinMs = new Map<number, number>();
  readonly #failures: JoinFailure[] = [];
  readonly #ticks: Tick[] = [];
  readonly #strain: StrainMeter;
  readonly #startMs = performance.now();
  #phase: Phase;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#plan = planOf(options.crowd);
    this.#strain = new StrainMeter(options.server.pids);
    this.#phase = { kind: 'joining', planned: this.#plan.length };
  }

  async measure(): Promise<Measurement> {
    const { durationMs, signal } = this.#options;
    const watching = new AbortController();
    const watched = this.#watch(watching.signal);
    await this.#letIn();
    await pause(SETTLE_MS, signal);
    const [first, wasStopped] = [this.#ticks.length, signal.aborted];
    const endMs = performance.now() + durationMs;
    for (let leftMs = durationMs; leftMs > 0 && !signal.aborted; leftMs = endMs - performance.now()) {
      this.#phase = { kind: 'measuring', leftMs };
      await pause(Math.min(TICK_MS, leftMs), signal);
    }
    watching.abort();
    await watched;
    await this.#options.measured();
    this.#phase = { kind: 'leaving' };
    this.#show();
    const last = this.#ticks.length - 1;
    // Stopped before all were there: what was seen of those who were is all that there is.
    const begin = wasStopped ? 0 : first - 1; // the reading against which the first second counts
    const window = last > begin && begin >= 0 ? { first: begin, last } : undefined;
    return { plan: this.#plan, joinMs: this.#joinMs, failures: this.#failures, ticks: this.#ticks, window };
  }

  /** Resolves when everybody has joined or failed, or the run was stopped. */
  async #letIn(): Promise<void> {
    const { crowd, layout, server, pools, signal } = this.#options;
    const links = server.links(crowd.rooms);
    const joins: Promise<void>[] = [];
    for (const planned of this.#plan) {
      await pause(this.#startMs + planned.atMs - performance.now(), signal);
      if (signal.aborted) return;
      const [pool, link] = [pools.get(planned.kind), links[planned.room]];
      if (!pool || link === undefined) throw new Error(`no place for ${planned.name}`);
      joins.push(this.#record(planned.id, pool.join({ planned, link, layout })));
    }
    await Promise.race([Promise.all(joins), aborted(signal)]);
  }

  async #record(id: number, join: Promise<number>): Promise<void> {
    try {
      this.#joinMs.set(id, await join);
    } catch (error) {
      const { code, message } = error instanceof JoinError ? error : new JoinError('error', (error as Error).message);
      if (!this.#options.signal.aborted) this.#failures.push({ id, code, message });
    }
  }

  /** Reads everything about once a second, as exactly as a busy machine can. */
  async #watch(signal: AbortSignal): Promise<void> {
    for (
      let dueMs = performance.now() + TICK_MS;
      !signal.aborted;
      dueMs = Math.max(dueMs + TICK_MS, performance.now())
    ) {
      await pause(dueMs - performance.now(), signal);
      if (signal.aborted) return;
      await this.#tick();
      this.#show();
    }
  }

  async #tick(): Promise<void> {
    const { pools, server } = this.#options;
    const [facts, ...readings] = await Promise.all([server.facts(), ...[...pools.values()].map((pool) => pool.read())]);
    const counts: CountsById = new Map(readings.flatMap((reading) => [...reading.counts]));
    const used = this.#strain.read([...pools.values()].flatMap(({ singleCorePids }) => singleCorePids));
    const atMs = performance.now() - this.#startMs;
    this.#ticks.push({
      atMs,
      spanMs: atMs - (this.#ticks.at(-1)?.atMs ?? 0),
      joined: this.#joinMs.size,
      failed: this.#failures.length,
      counts,
      expectedVideos: this.#expectedVideos(),
      generatorCpu: used.generator,
      machineCpu: used.machine,
      busiestBots: used.busiest,
      serverCpu: used.server,
      serverLoad: facts?.load_ratio,
      loopDelayMs: Math.max(0, ...readings.map(({ loopDelayMs }) => loopDelayMs)),
    });
  }

  /** As many others as each has tiles for, of those who send. */
  #expectedVideos(): Map<number, number> {
    const joined = this.#plan.filter(({ id }) => this.#joinMs.has(id));
    const most = othersShown(this.#options.layout);
    return new Map(
      joined.map(({ id, room }) => {
        const others = joined.filter((other) => other.publishes && other.room === room && other.id !== id);
        return [id, Math.min(most, others.length)];
      }),
    );
  }

  #show(): void {
    this.#options.status.update(formatStatus(this.#phase, this.#ticks, [...this.#joinMs.values()]));
  }
}

/** Ends early, and not with an error, when it is stopped. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0 && !signal.aborted) await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
