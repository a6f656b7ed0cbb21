/** Generous on purpose: two busy cores, and a pass does not wait for it. */
const LIMIT_MS = 20_000;

/** Waits until `read` gives something that is not false, null or undefined, and gives it. Fails by naming what it waited for. */
export async function until<T>(what: string, read: () => T | Promise<T>, limitMs = LIMIT_MS): Promise<NonNullable<T>> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await read();
    if (value !== false && value !== null && value !== undefined) return value as NonNullable<T>;
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
