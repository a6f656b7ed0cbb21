import type { Log } from '../base/index.ts';

/** Plays what is heard in a call. One element per track: browsers cancel echo of what elements play. */
export class AudioOutput {
  readonly #elements = new Set<HTMLAudioElement>();
  readonly #blocked: () => void;
  readonly #log: Log;

  constructor({ blocked, log }: { readonly blocked: () => void; readonly log: Log }) {
    this.#blocked = blocked;
    this.#log = log;
  }

  /** The answer stops it. */
  play(track: MediaStreamTrack): () => void {
    const element = new Audio();
    element.srcObject = new MediaStream([track]);
    this.#elements.add(element);
    void this.#start(element);
    return () => {
      this.#elements.delete(element);
      element.srcObject = null;
    };
  }

  /** Starts what the browser held back. Call it from a click. */
  async resume(): Promise<void> {
    await Promise.all([...this.#elements].filter(({ paused }) => paused).map((element) => this.#start(element)));
  }

  async #start(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
    } catch (error) {
      if (!this.#elements.has(element)) return; // stopped before it started
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#blocked();
      else this.#log.warn('audio did not start', { error });
    }
  }
}
