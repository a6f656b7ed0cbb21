import type { SframeKey } from './key-derivation.ts';

/** A key that is derived when it is first wanted. `ready` spares the frames after that a wait. */
export class LazyKey {
  readonly #derive: () => Promise<SframeKey>;
  #derived: Promise<SframeKey | undefined> | undefined;
  #ready: SframeKey | undefined;

  constructor(derive: () => Promise<SframeKey>) {
    this.#derive = derive;
  }

  get ready(): SframeKey | undefined {
    return this.#ready;
  }

  /**
   * Never rejects: `undefined` when this machine's WebCrypto cannot derive it. Those who wait resume in the order they
   * came.
   */
  derived(): Promise<SframeKey | undefined> {
    this.#derived ??= this.#derive().then(
      (key) => {
        this.#ready = key;
        return key;
      },
      () => undefined, // the frame is dropped for want of a key, and counted
    );
    return this.#derived;
  }
}
