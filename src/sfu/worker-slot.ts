import { type Clock, Facts, type Log } from '../base/index.ts';
import { earlyDeaths, restartDelayMs } from './back-off.ts';
import { MediaWorker, type MediaWorkerOptions } from './media-worker.ts';

/**
 *   starting --> running --died--> resting --> starting ...
 *      `--failed--> resting           (a first start that fails ends in `closed`)
 *   any --close()--> closed
 */
type SlotState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly worker: MediaWorker; readonly sinceMs: number }
  | { readonly kind: 'resting'; readonly cancel: () => void }
  | { readonly kind: 'closed' };

/** One place in the pool, on one port: a worker that dies is replaced, more slowly when its followers die at once too. */
export class WorkerSlot {
  readonly facts = new Facts<{ started: []; died: [] }>();
  #options: MediaWorkerOptions;
  #state: SlotState = { kind: 'starting' };
  #earlyDeaths = 0;

  private constructor(options: MediaWorkerOptions) {
    this.#options = options;
  }

  /** @throws when the first worker does not start: then the set-up is wrong, and waiting would hide it. */
  static async open(options: MediaWorkerOptions): Promise<WorkerSlot> {
    const slot = new WorkerSlot(options);
    await slot.#start();
    return slot;
  }

  get worker(): MediaWorker | undefined {
    return this.#state.kind === 'running' ? this.#state.worker : undefined;
  }

  get port(): number {
    return this.#options.port;
  }

  close(): void {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    if (state.kind === 'resting') state.cancel();
    if (state.kind === 'running') state.worker.close();
  }

  async #start(): Promise<void> {
    const startMs = this.#clock.nowMs();
    const worker = await MediaWorker.open(this.#options);
    if (this.#state.kind === 'closed') return worker.close();
    this.#options = { ...this.#options, port: worker.port };
    const sinceMs = this.#clock.nowMs();
    this.#state = { kind: 'running', worker, sinceMs };
    worker.facts.on('died', () => this.#died(worker, sinceMs));
    this.#log.info('worker started', { worker: worker.pid, port: worker.port, tookMs: sinceMs - startMs });
    this.facts.tell('started');
  }

  #died(worker: MediaWorker, sinceMs: number): void {
    if (this.#state.kind !== 'running') return;
    this.#log.error('worker died', { worker: worker.pid, port: worker.port });
    this.#rest(this.#clock.nowMs() - sinceMs);
    this.facts.tell('died');
  }

  #rest(livedMs: number): void {
    this.#earlyDeaths = earlyDeaths(this.#earlyDeaths, livedMs);
    const delayMs = restartDelayMs(this.#earlyDeaths);
    this.#state = { kind: 'resting', cancel: this.#clock.after(delayMs, () => this.#restart()) };
  }

  #restart(): void {
    this.#state = { kind: 'starting' };
    this.#start().catch((error) => {
      if (this.#state.kind === 'closed') return;
      this.#log.error('worker did not start', { port: this.port, error });
      this.#rest(0);
    });
  }

  get #clock(): Clock {
    return this.#options.clock;
  }

  get #log(): Log {
    return this.#options.log;
  }
}
