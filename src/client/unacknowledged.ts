import type { SentClientMessage } from '../wire/index.ts';

/** A frame as it was encoded once: said again, it keeps its id. */
interface Said {
  readonly id: number;
  readonly kind: SentClientMessage['case'];
  readonly bytes: Uint8Array;
}

/**
 * What this side said and the server has not shown to have, in order: said again after a resume, so that it is carried out once.
 * Two intents mean something only for a while, and ids may skip:
 *
 * - `view`: a newer one replaces it whole. One is kept however long somebody scrolls while the socket is away.
 * - `speaking`: who began to speak then may be silent now, and the server has heard it meanwhile. It is never said again.
 *
 * All others count each for itself: muting and unmuting are requests, one at a time; `sealed` is what a person said, `consumerReady`
 * lets one video flow, and of both there are no more than people type and the server opened.
 */
export class Unacknowledged {
  #frames: readonly Said[] = [];

  get size(): number {
    return this.#frames.length;
  }

  add(id: number, kind: SentClientMessage['case'], bytes: Uint8Array): void {
    if (kind === 'speaking') return;
    const others = kind === 'view' ? this.#frames.filter((frame) => frame.kind !== 'view') : this.#frames;
    this.#frames = [...others, { id, kind, bytes }];
  }

  /** The server has all frames up to `id`. */
  forget(id: number): void {
    this.#frames = this.#frames.filter((frame) => frame.id > id);
  }

  get frames(): readonly Uint8Array[] {
    return this.#frames.map(({ bytes }) => bytes);
  }
}
