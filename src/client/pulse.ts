import { type Clock, every } from '../base/index.ts';

/** Pings per idle timeout of the server: two may be late and the session still lives. */
const PINGS_PER_IDLE_TIMEOUT = 3;

/** Floor of the ping period, whatever the server says: it must not make its clients flood it. */
const MIN_PERIOD_MS = 1_000;

/** With the limit below, silence is found in 9 s. */
const MAX_PERIOD_MS = 5_000;

/** From a ping to anything at all from the server. Longer than a round trip through the worst queues of a mobile network. */
const ANSWER_LIMIT_MS = 4_000;

/**
 * The same when something else says already that the socket may be dead. A line whose answers take longer loses a socket that was
 * alive, which costs a handshake and nothing else; waiting longer is heard when the network changed.
 */
const SUSPECT_LIMIT_MS = 500;

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
  #isSuspect = false;

  constructor(options: PulseOptions) {
    const { clock, idleTimeoutMs } = options;
    const periodMs = Math.min(MAX_PERIOD_MS, Math.max(MIN_PERIOD_MS, idleTimeoutMs / PINGS_PER_IDLE_TIMEOUT));
    this.#options = options;
    this.#stopPings = every(clock, periodMs, () => this.beat());
  }

  /** Pings now. */
  beat(): void {
    this.#stopWaiting ??= this.#wait(ANSWER_LIMIT_MS);
    this.#options.ping();
  }

  /** As `beat`, and waits for less long. */
  suspect(): void {
    if (this.#isSuspect) return;
    this.#stopWaiting?.();
    this.#stopWaiting = this.#wait(SUSPECT_LIMIT_MS);
    this.#isSuspect = true;
    this.#options.ping();
  }

  /** Something came. */
  heard(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
    this.#isSuspect = false;
  }

  close(): void {
    this.heard();
    this.#stopPings();
  }

  #wait(limitMs: number): () => void {
    return this.#options.clock.after(limitMs, () => {
      this.close();
      this.#options.silent();
    });
  }
}
