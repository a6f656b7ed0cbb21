import { WebSocket } from 'ws';
import type { SessionId } from '../../src/base/index.ts';
import {
  decodeServerFrame,
  encodeClientFrame,
  type SentClientMessage,
  type ServerMessage,
  type ServerMessageCase,
} from '../../src/wire/index.ts';
import { until } from './until.ts';

type ValueOf<Case extends ServerMessageCase> = Extract<ServerMessage, { readonly case: Case }>['value'];

/** A Refused, as a rejected request throws it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: string,
    message: string,
    readonly retryable: boolean,
    readonly nextServer?: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** How the server ended the session: its WebSocket close code and reason, and the SessionClosing before it. */
export interface Closing {
  readonly closeCode: number;
  readonly closeReason: string;
  readonly said: ValueOf<'sessionClosing'> | undefined;
}

/** What a session goes on with over another socket. */
export interface Resumption {
  readonly sessionId: SessionId;
  readonly secret: Uint8Array<ArrayBuffer>;
}

/** A client that speaks the real protocol over a real socket and remembers all that it is told. */
export class SignalingClient {
  readonly facts: ServerMessage[] = [];
  /** The numbers of answers and facts, as they came. */
  readonly seqs: number[] = [];
  /** Refusals that answer no request of ours: under id 0, or of an intent. */
  readonly refusals: Refusal[] = [];
  /** Resolves when the socket has closed. */
  readonly closed: Promise<Closing>;
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, { resolve(value: ServerMessage): void; reject(error: Error): void }>();
  #lastId = 0;
  #resumption: Resumption | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (bytes: Buffer) => this.#receive(bytes));
    socket.on('error', () => undefined); // 'close' follows
    this.closed = new Promise((resolve) => {
      socket.on('close', (closeCode, reason) => {
        const last = this.facts.at(-1);
        const said = last?.case === 'sessionClosing' ? last.value : undefined;
        for (const { reject } of this.#pending.values()) reject(new Error(`socket closed with ${closeCode}`));
        this.#pending.clear();
        resolve({ closeCode, closeReason: reason.toString(), said });
      });
    });
  }

  /** Rejects when the server does not upgrade the connection. `autoPong: false` plays dead to WebSocket pings. */
  static open(
    port: number,
    { subprotocol = 'conclave.v1', autoPong = true }: { subprotocol?: string; autoPong?: boolean } = {},
  ): Promise<SignalingClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/signal`, subprotocol, { autoPong });
    const client = new SignalingClient(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(client));
      socket.on('error', reject);
    });
  }

  /** The answer; rejects with a Refusal, or when the socket closes first. */
  request(body: SentClientMessage): Promise<ServerMessage> {
    return this.#answer(this.say(body));
  }

  /** Sends bytes as they are; the answer under that id, which is 0 for what the server cannot read one of. */
  requestRaw(bytes: Uint8Array, id: number): Promise<ServerMessage> {
    this.sendRaw(bytes);
    return this.#answer(id);
  }

  /** Sends and expects no answer. Returns the frame's id. */
  say(body: SentClientMessage): number {
    this.#lastId += 1;
    this.#socket.send(encodeClientFrame(this.#lastId, body, this.seqs.at(-1) ?? 0));
    return this.#lastId;
  }

  /** Bytes as they are, or a text message. */
  sendRaw(message: Uint8Array | string): void {
    this.#socket.send(message);
  }

  /** The underlying socket, for what the protocol does not allow. */
  get socket(): WebSocket {
    return this.#socket;
  }

  async hello(token: string): Promise<ValueOf<'hello'>> {
    const welcome = bodyOf(await this.request({ case: 'hello', value: { token } }), 'hello');
    this.#resumption = { sessionId: welcome.sessionId, secret: welcome.resumeSecret as Uint8Array<ArrayBuffer> };
    return welcome;
  }

  /** What the last Hello gave. */
  get resumption(): Resumption {
    if (!this.#resumption) throw new Error('no Hello was answered');
    return this.#resumption;
  }

  /** Goes on with a session over this socket; the ids go on above those that were used. */
  async goOn({ sessionId, secret }: Resumption, lastSeq: number): Promise<ValueOf<'resumed'>> {
    const resumed = await this.request({ case: 'hello', value: { resume: { sessionId, secret, lastSeq } } });
    this.#lastId = Math.max(this.#lastId, bodyOf(resumed, 'resumed').lastId);
    return bodyOf(resumed, 'resumed');
  }

  async ping(): Promise<void> {
    bodyOf(await this.request({ case: 'ping', value: {} }), 'done');
  }

  /** The first fact of this kind that fits, once it has come. */
  async fact<Case extends ServerMessageCase>(
    name: Case,
    fits: (value: ValueOf<Case>) => boolean = () => true,
  ): Promise<ValueOf<Case>> {
    const found = await until(`the fact ${name}`, () =>
      this.facts.find((fact) => fact.case === name && fits(fact.value as ValueOf<Case>)),
    );
    return found.value as ValueOf<Case>;
  }

  /** Stops reading from the network, so that the server's frames pile up. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Cuts the connection without a close frame, as a dying network does. */
  cut(): void {
    this.#socket.terminate();
  }

  close(): Promise<Closing> {
    this.#socket.close();
    return this.closed;
  }

  #answer(id: number): Promise<ServerMessage> {
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  #receive(bytes: Uint8Array): void {
    const { id, seq, body } = decodeServerFrame(bytes);
    if (seq > 0) this.seqs.push(seq);
    if (!body) return;
    if (id === 0 && body.case !== 'refused') {
      this.facts.push(body);
      return;
    }
    const refusal = body.case === 'refused' ? refusalOf(body.value) : undefined;
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (refusal && !pending) this.refusals.push(refusal);
    else if (refusal) pending?.reject(refusal);
    else pending?.resolve(body);
  }
}

/** @throws when the answer is of another kind. */
export function bodyOf<Case extends ServerMessageCase>(message: ServerMessage, name: Case): ValueOf<Case> {
  if (message.case !== name) throw new Error(`wanted ${name}, got ${message.case}`);
  return message.value as ValueOf<Case>;
}

function refusalOf({ code, message, retryable, nextServer }: ValueOf<'refused'>): Refusal {
  return new Refusal(code, message, retryable, nextServer);
}
