/** An answer or a fact as it was numbered. Bodies of facts are shared by all sessions of a room. */
export interface NumberedFrame {
  /** Of the request that it answers; 0 for a fact. */
  readonly id: number;
  readonly seq: number;
  readonly body: Uint8Array;
}

/** What a kept frame costs beside its body. */
const OVERHEAD_BYTES = 100;

/**
 * Numbers what a session says, and keeps what its client has not said it has. Above the limit the oldest goes: who is
 * that far behind cannot be told everything any more.
 */
export class ReplayBuffer {
  readonly #limitBytes: number;
  readonly #frames: NumberedFrame[] = [];
  #bytes = 0;
  #lastSeq = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** `complete`: nothing had to go for it. */
  push(id: number, body: Uint8Array): { readonly frame: NumberedFrame; readonly complete: boolean } {
    this.#lastSeq += 1;
    const frame = { id, seq: this.#lastSeq, body };
    this.#frames.push(frame);
    this.#bytes += costOf(frame);
    const complete = this.#bytes <= this.#limitBytes;
    while (this.#bytes > this.#limitBytes) this.#drop(1);
    return { frame, complete };
  }

  /** The client has everything up to `seq`. `false`, and nothing changes, for a number that was never given. */
  acknowledge(seq: number): boolean {
    if (seq > this.#lastSeq) return false;
    const first = this.#lastSeq - this.#frames.length + 1;
    this.#drop(Math.max(0, seq - first + 1));
    return true;
  }

  /** Everything after `seq`, in order; `undefined` when some of it is kept no more, or the number was never given. */
  after(seq: number): readonly NumberedFrame[] | undefined {
    const missed = this.#lastSeq - seq;
    if (missed < 0 || missed > this.#frames.length) return undefined;
    return this.#frames.slice(this.#frames.length - missed);
  }

  #drop(count: number): void {
    if (count === 0) return;
    for (const frame of this.#frames.splice(0, count)) this.#bytes -= costOf(frame);
  }
}

function costOf({ body }: NumberedFrame): number {
  return body.byteLength + OVERHEAD_BYTES;
}
