/** The only source of time. Monotonic, so that a stepped wall clock moves no timer. */
export interface Clock {
  /** Milliseconds since an arbitrary start. */
  nowMs(): number;
  /** Runs `action` once, `delayMs` from now; the answer cancels it, and cancelling late does nothing. */
  after(delayMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Runs `action` every `periodMs`, counted from the end of the last run, until the answer is called. */
export function every(clock: Clock, periodMs: number, action: () => void): () => void {
  let cancel = clock.after(periodMs, tick);
  function tick(): void {
    cancel = clock.after(periodMs, tick);
    action();
  }
  return () => cancel();
}
