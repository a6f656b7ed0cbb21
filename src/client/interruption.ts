import type { Clock } from '../base/index.ts';

/** Nobody notices so short a silence of the signaling, and a banner would only worry them. Longer, and a call seems not to answer. */
const PATIENCE_MS = 2_000;

export interface InterruptionListener {
  /** The socket has been away for so long that people are to know. */
  began(): void;
  /** It is back, after people were told. */
  ended(): void;
}

/**
 * Whether people are told that the signaling is away: the one place that decides it.
 *
 *     none --dropped--> brief --2 s--> told --resumed--> none
 *      ^------resumed-----'              |
 *      '------- over: the session ended -'
 */
type InterruptionState =
  | { readonly kind: 'none' }
  | { readonly kind: 'brief'; readonly stopTimer: () => void }
  | { readonly kind: 'told' };

/** A socket that is away while the room, the paths and the keys are as they were. */
export class Interruption {
  readonly #clock: Clock;
  readonly #listener: InterruptionListener;
  #state: InterruptionState = { kind: 'none' };

  constructor(clock: Clock, listener: InterruptionListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** People know. */
  get isTold(): boolean {
    return this.#state.kind === 'told';
  }

  dropped(): void {
    if (this.#state.kind !== 'none') return;
    const stopTimer = this.#clock.after(PATIENCE_MS, () => {
      this.#state = { kind: 'told' };
      this.#listener.began();
    });
    this.#state = { kind: 'brief', stopTimer };
  }

  resumed(): void {
    const wasTold = this.isTold;
    this.close();
    if (wasTold) this.#listener.ended();
  }

  /** The session went with the socket: what people are told of that is not decided here. */
  close(): void {
    if (this.#state.kind === 'brief') this.#state.stopTimer();
    this.#state = { kind: 'none' };
  }
}
