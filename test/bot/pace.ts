/** A process that was busy for longer sends no burst of what is old by then. */
const MAX_BEHIND_MS = 1_000;

/** Calls `tick` once for every period since now, with the time at which it was due; the answer stops it. */
export function paced(periodMs: number, tick: (dueMs: number) => void): () => void {
  let dueMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - dueMs > MAX_BEHIND_MS) dueMs = nowMs;
    for (; dueMs <= nowMs; dueMs += periodMs) tick(dueMs);
  }, periodMs);
  return () => clearInterval(timer);
}
