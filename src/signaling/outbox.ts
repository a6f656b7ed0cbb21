import type { CallError } from '../base/index.ts';
import { encodeServerBody, joinServerFrame, type SentServerMessage } from '../wire/index.ts';
import { CLOSE_CODES, type ClosingCode, toRefusal } from './errors.ts';
import { type NumberedFrame, ReplayBuffer } from './replay-buffer.ts';
import type { SocketOut } from './socket.ts';

/** A fact told to a whole room is one object: its body is encoded at the first telling and lives as long as the object. */
const factBodies = new WeakMap<SentServerMessage, Uint8Array>();

export interface OutboxOptions {
  /** Of what the network has not taken, and of what is kept for a resume. */
  readonly limitBytes: number;
  /**
   * Called later than the send that found it: the client is too slow, the socket dropped a frame, or more was kept for a
   * client that is away than may be.
   */
  readonly overflowed: () => void;
}

/** All that a session says, in order: answers and facts, numbered 1, 2, 3… without gaps over all its sockets. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #replay: ReplayBuffer;
  /** `undefined` while the client is away. */
  #socket: SocketOut | undefined;
  #sentSeq = 0;
  #held: SentServerMessage[] | undefined;
  #state: 'open' | 'behind' | 'dropped' | 'closed' = 'open';

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#replay = new ReplayBuffer(options.limitBytes);
  }

  /** To this socket from now on, beginning with everything after `seq`, which `canReplay` said is there. */
  attach(socket: SocketOut, seq: number): void {
    this.#socket = socket;
    this.#sentSeq = seq;
    this.#replay.acknowledge(seq);
    for (const frame of this.#replay.after(seq) ?? []) if (this.#state === 'open') this.#write(socket, frame);
  }

  /** `false` while the client is away. */
  get isAttached(): boolean {
    return this.#socket !== undefined;
  }

  /** The socket is gone: everything is kept until the next. */
  detach(): void {
    this.#socket = undefined;
  }

  /** Whether a client that has everything up to `seq` can be told all the rest. */
  canReplay(seq: number): boolean {
    return this.#replay.after(seq) !== undefined;
  }

  /** The client has everything up to `seq`. `false` for a number that was never given. */
  acknowledge(seq: number): boolean {
    return this.#replay.acknowledge(seq);
  }

  answer(id: number, body: SentServerMessage): void {
    this.#send(id, encodeServerBody(body));
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
    this.#send(0, body);
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
      this.#socket?.send(joinServerFrame(0, this.#sentSeq + 1, body));
    }
    this.#state = 'closed';
    this.#held = undefined;
    this.#socket?.end(CLOSE_CODES[code], code);
  }

  #send(id: number, body: Uint8Array): void {
    if (this.#state !== 'open') return;
    const { frame, complete } = this.#replay.push(id, body);
    if (this.#socket) this.#write(this.#socket, frame);
    else if (!complete) this.#giveUp('behind');
  }

  #write(socket: SocketOut, { id, seq, body }: NumberedFrame): void {
    const frame = joinServerFrame(id, seq, body);
    const fits = socket.bufferedBytes + frame.byteLength <= this.#options.limitBytes;
    if (fits && socket.send(frame)) this.#sentSeq = seq;
    else this.#giveUp(fits ? 'dropped' : 'behind');
  }

  #giveUp(why: 'behind' | 'dropped'): void {
    this.#state = why;
    queueMicrotask(this.#options.overflowed); // closing a session makes its peer leave: not while a room is still telling a fact
  }
}
