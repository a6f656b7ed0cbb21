import type { types } from 'mediasoup';
import { CallError, type Clock, type Log, Scope } from '../base/index.ts';
import type { MediaWorker } from './media-worker.ts';
import { leastLoaded } from './placement.ts';
import { WorkerSlot } from './worker-slot.ts';

/** How long a new room waits when no worker runs: a replacement stands after about 100 ms. Higher delays the honest refusal. */
const WAIT_FOR_WORKER_MS = 3_000;

export interface WorkerPoolOptions {
  readonly workers: number;
  readonly workerBin: string | undefined;
  readonly listenIps: readonly string[];
  readonly announcedAddress: string | undefined;
  /** Worker i listens on basePort + i; 0: each on any free port. */
  readonly basePort: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface PlacedRouter {
  readonly worker: MediaWorker;
  readonly router: types.Router;
}

/** One worker per slot, and who of them takes the next room. */
export class WorkerPool {
  readonly #clock: Clock;
  readonly #slots: readonly WorkerSlot[];
  readonly #scope: Scope;
  readonly #waiting = new Set<() => void>();
  #deaths = 0;

  private constructor(slots: readonly WorkerSlot[], clock: Clock, scope: Scope) {
    this.#slots = slots;
    this.#clock = clock;
    this.#scope = scope;
    scope.add(() => this.#wake());
    for (const slot of slots) {
      slot.facts.on('started', () => this.#wake());
      slot.facts.on('died', () => {
        this.#deaths += 1;
      });
    }
  }

  /** @throws when a worker does not start; those that did are closed. */
  static async open(options: WorkerPoolOptions): Promise<WorkerPool> {
    const { workerBin, listenIps: ips, announcedAddress, basePort, clock, log } = options;
    const scope = new Scope();
    const opening = Array.from({ length: options.workers }, async (_, index) => {
      const port = basePort === 0 ? 0 : basePort + index;
      return scope.own(await WorkerSlot.open({ workerBin, ips, announcedAddress, port, clock, log }));
    });
    try {
      return new WorkerPool(await Promise.all(opening), clock, scope);
    } catch (error) {
      scope.close();
      throw error;
    }
  }

  /** Those that run now. */
  get workers(): readonly MediaWorker[] {
    return this.#slots.flatMap(({ worker }) => worker ?? []);
  }

  get ports(): readonly number[] {
    return this.#slots.map(({ port }) => port);
  }

  /** Workers that died since the start. */
  get deaths(): number {
    return this.#deaths;
  }

  /**
   * A router for a new room, and the worker that it is on. When no worker runs, waits a little for one. Choosing and beginning
   * is one step, so that rooms opened at the same moment spread. @throws CallError `unavailable`, or mediasoup's error
   */
  async openRouter(): Promise<PlacedRouter> {
    if (this.workers.length === 0 && !this.#scope.closed) await this.#nextStart();
    const worker = this.#scope.closed ? undefined : leastLoaded(this.workers);
    if (!worker) throw new CallError('unavailable', 'no worker runs');
    return { worker, router: await worker.openRouter() };
  }

  close(): void {
    this.#scope.close();
  }

  #nextStart(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        cancel();
        resolve();
      };
      const cancel = this.#clock.after(WAIT_FOR_WORKER_MS, wake);
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
