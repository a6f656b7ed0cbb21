/** Whoever opens it owns it: closes what it was given, last in first out, once. */
export class Scope {
  #closers: (() => void)[] = [];
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  /** Runs `close` when the scope closes; at once when it has closed already. */
  add(close: () => void): void {
    if (this.#closed) close();
    else this.#closers.push(close);
  }

  /** Takes over something with `close()`. One that arrives after the scope closed is closed at once. */
  own<T extends { close(): unknown }>(resource: T): T {
    this.add(() => resource.close());
    return resource;
  }

  /** Every closer runs, even when one before it throws; the first error is thrown at the end. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const errors: unknown[] = [];
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      try {
        close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
