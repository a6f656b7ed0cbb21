import type { types } from 'mediasoup';
import { CallError, type Clock, type ProducerId } from '../base/index.ts';
import { PipePair } from './pipe-pair.ts';

/** How long a pipe stays without a watcher: people page and scroll back. Higher costs packets that nobody sees. */
const IDLE_MS = 10_000;

export interface PipeOptions {
  readonly producerId: ProducerId;
  readonly from: types.Router;
  readonly to: types.Router;
  readonly clock: Clock;
  /** Told once. */
  readonly closed: () => void;
}

/**
 *   opening --> open --10 s without a watcher, producer or either router closed--> closed
 *      `--failed, or as from open--> closed
 */
type PipeState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly pipeProducer: types.Producer }
  | { readonly kind: 'closed' };

/** One producer, made available under its own id on the router of another worker, for all who watch it there. */
export class Pipe {
  readonly #options: PipeOptions;
  readonly #opening: Promise<void>;
  #state: PipeState = { kind: 'opening' };
  #watchers = 0;
  #cancelIdle: () => void = () => undefined;

  constructor(options: PipeOptions) {
    this.#options = options;
    this.#opening = this.#open();
    this.#opening.catch(() => this.close()); // whoever watches has the error
  }

  /** Resolves when it can be consumed there; the answer ends the watching, twice is once. @throws mediasoup's error */
  async watch(): Promise<() => void> {
    this.#watchers += 1;
    this.#cancelIdle();
    let watches = true;
    const end = () => {
      if (watches) this.#watcherGone();
      watches = false;
    };
    try {
      await this.#opening;
    } catch (error) {
      end();
      throw error;
    }
    return end;
  }

  close(): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    this.#state = { kind: 'closed' };
    this.#cancelIdle();
    this.#options.closed();
    if (state.kind === 'open') state.pipeProducer.close(); // and with it what feeds it on the other side
  }

  async #open(): Promise<void> {
    const { producerId, from, to } = this.#options;
    const pair = await PipePair.between(from, to);
    const pipeProducer = await pair.carry(producerId);
    if (this.#state.kind === 'closed' || pipeProducer.closed) {
      pipeProducer.close();
      throw new CallError('not-found', 'the pipe closed while it opened');
    }
    this.#state = { kind: 'open', pipeProducer };
    pipeProducer.observer.once('close', () => this.close());
  }

  #watcherGone(): void {
    this.#watchers -= 1;
    if (this.#watchers > 0 || this.#state.kind === 'closed') return;
    this.#cancelIdle = this.#options.clock.after(IDLE_MS, () => this.close());
  }
}
