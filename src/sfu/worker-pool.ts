import { CallError, type Clock, type Log, Scope } from '../base/index.ts';
import type { MediaWorker } from './media-worker.ts';
import { placePeer } from './placement.ts';
import { WorkerSlot } from './worker-slot.ts';

/** How long a peer waits when no worker runs: a replacement stands after about 100 ms. Higher delays the honest refusal. */
const WAIT_FOR_WORKER_MS = 3_000;

export interface WorkerPoolOptions {
  readonly workers: number;
  readonly workerBin: string | undefined;
  readonly listenIps: readonly string[];
  readonly announcedAddress: string | undefined;
  /** Worker i listens on basePort + i; 0: each on any free port. */
  readonly basePort: number;
  /** A worker that carries so many is full: its rooms grow on another. */
  readonly consumersPerWorker: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** One worker per slot, and who of them takes the next peer. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #slots: readonly WorkerSlot[];
  readonly #scope: Scope;
  readonly #waiting = new Set<() => void>();
  #deaths = 0;

  private constructor(slots: readonly WorkerSlot[], options: WorkerPoolOptions, scope: Scope) {
    this.#slots = slots;
    this.#options = options;
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
      return new WorkerPool(await Promise.all(opening), options, scope);
    } catch (error) {
      scope.close();
      throw error;
    }
  }

  /** Those that run now. */
  get workers(): readonly MediaWorker[] {
    return this.#slots.flatMap(({ worker }) => (worker && !worker.closed ? worker : []));
  }

  get ports(): readonly number[] {
    return this.#slots.map(({ port }) => port);
  }

  /** Workers that died since the start. */
  get deaths(): number {
    return this.#deaths;
  }

  /** Resolves when a worker has started, or none came in time, or the pool closed. */
  nextStart(): Promise<void> {
    if (this.#scope.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        cancel();
        resolve();
      };
      const cancel = this.#options.clock.after(WAIT_FOR_WORKER_MS, wake);
      this.#waiting.add(wake);
    });
  }

  /** The worker for one more peer of a room that some workers `carry`. @throws CallError `unavailable` when none runs */
  place(carry: (worker: MediaWorker) => boolean): MediaWorker {
    const workers = this.#scope.closed ? [] : this.workers;
    const worker = placePeer(workers, carry, this.#options.consumersPerWorker);
    if (!worker) throw new CallError('unavailable', 'no worker runs');
    return worker;
  }

  close(): void {
    this.#scope.close();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
