import { type Clock, every } from '../base/index.ts';

/** Looks at the silence this often within the idle timeout. More often finds the dead sooner and costs timers. */
const LOOKS_PER_TIMEOUT = 5;

/** Pings a socket that has gone quiet and finds it dead when it stays so. Frames and WebSocket pongs count as life. */
export class Liveness {
  readonly #clock: Clock;
  readonly #cancel: () => void;
  #heardMs: number;

  constructor(clock: Clock, idleTimeoutMs: number, on: { readonly quiet: () => void; readonly dead: () => void }) {
    this.#clock = clock;
    this.#heardMs = clock.nowMs();
    const periodMs = idleTimeoutMs / LOOKS_PER_TIMEOUT;
    this.#cancel = every(clock, periodMs, () => {
      const silenceMs = clock.nowMs() - this.#heardMs;
      if (silenceMs >= idleTimeoutMs) on.dead();
      else if (silenceMs >= periodMs) on.quiet();
    });
  }

  heard(): void {
    this.#heardMs = this.#clock.nowMs();
  }

  close(): void {
    this.#cancel();
  }
}
