import { type Clock, every } from '../base/index.ts';

/** Pings per idle timeout of the server: two may be late and the session still lives. */
const PINGS_PER_IDLE_TIMEOUT = 3;

/** Floor of the ping period, whatever the server says: it must not make its clients flood it. */
const MIN_PERIOD_MS = 1_000;

/** With the limit below, silence is found in 9 s. */
const MAX_PERIOD_MS = 5_000;

/** From a ping to anything at all from the server. Longer than a round trip through the worst queues of a mobile network. */
const ANSWER_LIMIT_MS = 4_000;

export interface PulseOptions {
  readonly clock: Clock;
  /** Of the server. */
  readonly idleTimeoutMs: number;
  readonly ping: () => void;
  /** Called once. */
  readonly silent: () => void;
}

/** Pings, so that neither side takes the other for dead, and finds a socket that only looks open. */
export class Pulse {
  readonly #options: PulseOptions;
  readonly #stopPings: () => void;
  /** Set while an answer is awaited. */
  #stopWaiting: (() => void) | undefined;

  constructor(options: PulseOptions) {
    const { clock, idleTimeoutMs } = options;
    const periodMs = Math.min(MAX_PERIOD_MS, Math.max(MIN_PERIOD_MS, idleTimeoutMs / PINGS_PER_IDLE_TIMEOUT));
    this.#options = options;
    this.#stopPings = every(clock, periodMs, () => this.beat());
  }

  /** Pings now. */
  beat(): void {
    const { clock, ping, silent } = this.#options;
    this.#stopWaiting ??= clock.after(ANSWER_LIMIT_MS, () => {
      this.close();
      silent();
    });
    ping();
  }

  /** Something came. */
  heard(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
  }

  close(): void {
    this.heard();
    this.#stopPings();
  }
}
