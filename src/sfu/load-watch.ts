import { performance } from 'node:perf_hooks';
import { type Clock, every } from '../base/index.ts';
import { type CpuReading, cpuShare } from './cpu-meter.ts';
import { type LoadRatio, type LoadSample, NO_LOAD, nextLoadRatio } from './load-ratio.ts';
import type { MediaWorker } from './media-worker.ts';

/** Long enough for a share to mean something, short enough to see a server fill in a few of them. */
const SAMPLE_MS = 1_000;

export interface LoadWatchOptions {
  readonly clock: Clock;
  /** The ratio at which the server is full. */
  readonly limit: number;
  readonly workers: () => readonly MediaWorker[];
  /** What is counted. */
  readonly counted: () => Pick<LoadSample, 'peers' | 'consumers'>;
}

/** Samples what the server has to do, for `load-ratio.ts`. The workers' CPU times come with the watchdog's pings. */
export class LoadWatch {
  readonly #options: LoadWatchOptions;
  readonly #readings = new WeakMap<MediaWorker, CpuReading>();
  readonly #stop: () => void;
  #eventLoop = performance.eventLoopUtilization();
  #load: LoadRatio = NO_LOAD;

  constructor(options: LoadWatchOptions) {
    this.#options = options;
    this.#stop = every(options.clock, SAMPLE_MS, () => this.#step());
  }

  get load(): LoadRatio {
    return this.#load;
  }

  close(): void {
    this.#stop();
  }

  #step(): void {
    const { workers, counted, limit } = this.#options;
    const sample = {
      workers: workers().map((worker) => this.#cpuShare(worker)),
      mainThread: this.#mainThread(),
      ...counted(),
    };
    this.#load = nextLoadRatio(this.#load, sample, limit);
  }

  #cpuShare(worker: MediaWorker): number {
    const { cpu } = worker;
    const before = this.#readings.get(worker) ?? cpu;
    this.#readings.set(worker, cpu);
    return cpuShare(before, cpu);
  }

  #mainThread(): number {
    const before = this.#eventLoop;
    this.#eventLoop = performance.eventLoopUtilization();
    return performance.eventLoopUtilization(this.#eventLoop, before).utilization;
  }
}
