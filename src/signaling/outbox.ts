import type { CallError } from '../base/index.ts';
import type { Metrics } from '../ops/index.ts';
import { encodeServerBody, joinServerFrame, type SentServerMessage } from '../wire/index.ts';
import { CLOSE_CODES, type ClosingCode, toRefusal } from './errors.ts';
import type { Socket } from './socket.ts';

/** A fact told to a whole room is one object: its body is encoded at the first telling and lives as long as the object. */
const factBodies = new WeakMap<SentServerMessage, Uint8Array>();

/** All that a session sends, in order: answers with their request's id, facts numbered 1, 2, 3… without gaps. */
export class Outbox {
  readonly #socket: Socket;
  readonly #limitBytes: number;
  readonly #metrics: Metrics;
  readonly #overflowed: () => void;
  #seq = 0;
  #held: SentServerMessage[] | undefined;
  #state: 'open' | 'behind' | 'dropped' | 'closed' = 'open';

  /** `overflowed` is called once, later than the send that found it, when the client is too slow or the socket dropped a frame. */
  constructor(
    socket: Socket,
    options: { readonly limitBytes: number; readonly metrics: Metrics; readonly overflowed: () => void },
  ) {
    this.#socket = socket;
    this.#limitBytes = options.limitBytes;
    this.#metrics = options.metrics;
    this.#overflowed = options.overflowed;
  }

  answer(id: number, body: SentServerMessage): void {
    this.#send(id, 0, encodeServerBody(body));
  }

  fact(fact: SentServerMessage): void {
    if (this.#held) {
      this.#held.push(fact);
      return;
    }
    let body = factBodies.get(fact);
    if (!body) {
      body = encodeServerBody(fact);
      factBodies.set(fact, body);
    }
    if (this.#send(0, this.#seq + 1, body)) this.#seq += 1;
  }

  /** Keeps facts back until `releaseFacts`: what happens in a room is told after the answer that says who is in it. */
  holdFacts(): void {
    this.#held ??= [];
  }

  releaseFacts(): void {
    const held = this.#held;
    if (!held) return;
    this.#held = undefined;
    for (const fact of held) this.fact(fact);
  }

  /** Says why, also to a client that is behind, and closes the socket. Nothing is sent after it. */
  close(code: ClosingCode, error: CallError): void {
    if (this.#state === 'open' || this.#state === 'behind') {
      const body = encodeServerBody({ case: 'sessionClosing', value: toRefusal(error) });
      this.#count(joinServerFrame(0, this.#seq + 1, body));
    }
    this.#state = 'closed';
    this.#held = undefined;
    this.#socket.end(CLOSE_CODES[code], code);
  }

  #send(id: number, seq: number, body: Uint8Array): boolean {
    if (this.#state !== 'open') return false;
    const frame = joinServerFrame(id, seq, body);
    const fits = this.#socket.bufferedBytes + frame.byteLength <= this.#limitBytes;
    if (fits && this.#count(frame)) return true;
    this.#state = fits ? 'dropped' : 'behind';
    queueMicrotask(this.#overflowed); // closing a session makes its peer leave: not while a room is still telling a fact
    return false;
  }

  #count(frame: Uint8Array): boolean {
    if (!this.#socket.send(frame)) return false;
    this.#metrics.framesSent.inc();
    this.#metrics.bytesSent.inc(frame.byteLength);
    return true;
  }
}
