type Listener = (...args: readonly unknown[]) => void;

/** Tells whoever listens what has happened: past tense, typed, no answer expected. */
export class Facts<Map extends { [Name in keyof Map]: readonly unknown[] }> {
  readonly #listeners = new globalThis.Map<keyof Map, Set<Listener>>();

  /** The answer stops listening. */
  on<Name extends keyof Map>(name: Name, listener: (...args: Map[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener as Listener));
    return () => listeners.delete(listener as Listener);
  }

  /** Calls the listeners in the order they came. One that throws is the listener's defect: it ends the telling. */
  tell<Name extends keyof Map>(name: Name, ...args: Map[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(...args);
  }
}
