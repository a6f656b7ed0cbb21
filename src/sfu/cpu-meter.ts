import type { types } from 'mediasoup';
import type { Clock } from '../base/index.ts';

/** CPU time that a process has used at a moment, since its start. */
export interface CpuReading {
  readonly cpuMs: number;
  readonly atMs: number;
}

/** CPU time per time between two readings of one process; 0 when no time has passed. */
export function cpuShare(before: CpuReading, after: CpuReading): number {
  const passedMs = after.atMs - before.atMs;
  return passedMs > 0 ? (after.cpuMs - before.cpuMs) / passedMs : 0;
}

/** Reads the CPU time of one worker whenever it is asked to, and keeps what it read last. */
export class CpuMeter {
  readonly #worker: types.Worker;
  readonly #clock: Clock;
  #reading: CpuReading;

  constructor(worker: types.Worker, clock: Clock) {
    this.#worker = worker;
    this.#clock = clock;
    this.#reading = { cpuMs: 0, atMs: clock.nowMs() };
  }

  get reading(): CpuReading {
    return this.#reading;
  }

  /** @throws mediasoup's error when the worker is gone; never resolves when it hangs */
  async read(): Promise<void> {
    const { ru_utime, ru_stime } = await this.#worker.getResourceUsage();
    this.#reading = { cpuMs: ru_utime + ru_stime, atMs: this.#clock.nowMs() };
  }
}
