import { CallError, type CallErrorCode, type Clock, every, type Log, Scope } from '../base/index.ts';
import {
  decodeServerFrame,
  encodeClientFrame,
  type SentClientMessage,
  type ServerFrame,
  type ServerMessage,
  type ServerMessageCase,
} from '../wire/index.ts';
import { Pending } from './pending.ts';

export const SUBPROTOCOL = 'conclave.v1';

/** An answer takes one round trip and at most one worker call. A server that is silent for longer is taken for gone. */
const ANSWER_DEADLINE_MS = 10_000;

/** Pings per idle timeout: two may be late and the session still lives. */
const PINGS_PER_IDLE_TIMEOUT = 3;

/** Floor of the ping period, whatever the server says: it must not make its clients flood it. */
const MIN_PING_PERIOD_MS = 1_000;

/** What is used of a browser's WebSocket. */
export type WebSocketLike = Pick<
  WebSocket,
  'binaryType' | 'readyState' | 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose'
>;
export type OpenWebSocket = (url: string, subprotocol: string) => WebSocketLike;

export type ValueOf<Case extends ServerMessageCase> = Extract<ServerMessage, { readonly case: Case }>['value'];

export interface SignalingSocketOptions {
  readonly openWebSocket: OpenWebSocket;
  readonly clock: Clock;
  readonly log: Log;
  /** Every fact, in the order of its number, none twice and none missing. */
  readonly told: (fact: ServerMessage) => void;
}

interface Question {
  readonly answerCase: ServerMessageCase;
  readonly answer: Pending<ServerMessage>;
  readonly stopDeadline: () => void;
}

/** One WebSocket to the server: requests find their answers, facts come in order, silence ends it. */
export class SignalingSocket {
  readonly #webSocket: WebSocketLike;
  readonly #options: SignalingSocketOptions;
  readonly #scope = new Scope();
  readonly #opened = new Pending<void>();
  readonly #ended = new Pending<CallError>();
  readonly #questions = new Map<number, Question>();
  #lastId = 0;
  #lastSeq = 0;

  constructor(url: string, options: SignalingSocketOptions) {
    this.#options = options;
    this.#webSocket = options.openWebSocket(url, SUBPROTOCOL);
    this.#webSocket.binaryType = 'arraybuffer';
    this.#webSocket.onopen = () => this.#opened.resolve();
    this.#webSocket.onmessage = ({ data }: MessageEvent<unknown>) => this.#received(data);
    this.#webSocket.onclose = () => this.#end(new CallError('unavailable', 'the socket closed'));
    this.#opened.promise.catch(() => undefined); // who waits for it has the error
    const stopDeadline = options.clock.after(ANSWER_DEADLINE_MS, () => this.#overdue('opening'));
    this.#opened.promise.then(stopDeadline, stopDeadline);
  }

  /** Rejects with `unavailable` when the server cannot be reached. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** Why the socket ended; never rejects. */
  get ended(): Promise<CallError> {
    return this.#ended.promise;
  }

  get closed(): boolean {
    return this.#scope.closed;
  }

  /** The value of the answer. Throws the server's refusal, or `unavailable` when the socket ends first. */
  async request<Case extends ServerMessageCase>(body: SentClientMessage, answerCase: Case): Promise<ValueOf<Case>> {
    if (this.closed) throw new CallError('unavailable', 'the socket is closed');
    const id = this.#send(body);
    const answer = new Pending<ServerMessage>();
    const stopDeadline = this.#options.clock.after(ANSWER_DEADLINE_MS, () => this.#overdue(body.case));
    this.#questions.set(id, { answerCase, answer, stopDeadline });
    return (await answer.promise).value as ValueOf<Case>; // #answered() compared the case
  }

  /** Says what the client wants. Nothing answers an intent that is accepted; one that is refused is logged. */
  intend(body: SentClientMessage): void {
    if (!this.closed) this.#send(body);
  }

  /** From now on pings, so that neither side takes the other for dead. */
  keepAlive(idleTimeoutMs: number): void {
    const periodMs = Math.max(MIN_PING_PERIOD_MS, idleTimeoutMs / PINGS_PER_IDLE_TIMEOUT);
    const ping = () => this.request({ case: 'ping', value: {} }, 'done').catch(() => undefined); // an end tells itself
    this.#scope.add(every(this.#options.clock, periodMs, ping));
  }

  /** Closes after what was sent so far. */
  close(): void {
    this.#end(new CallError('unavailable', 'closed by this side'));
  }

  #send(body: SentClientMessage): number {
    this.#lastId += 1;
    this.#webSocket.send(encodeClientFrame(this.#lastId, body) as Uint8Array<ArrayBuffer>);
    return this.#lastId;
  }

  #received(payload: unknown): void {
    if (this.closed) return;
    try {
      if (!(payload instanceof ArrayBuffer)) throw new CallError('malformed', 'the server sent text');
      const frame = decodeServerFrame(new Uint8Array(payload));
      if (frame.id !== 0) this.#answered(frame);
      else this.#told(frame);
    } catch (error) {
      this.#options.log.error('server frame refused', { error });
      this.#end(new CallError('malformed', 'the server sent what is not a frame', { cause: error }));
    }
  }

  #answered({ id, body }: ServerFrame): void {
    const question = this.#questions.get(id);
    if (!question) {
      if (body?.case === 'refused') this.#options.log.warn('intent refused', { code: body.value.code });
      return;
    }
    if (body?.case === 'refused') question.answer.reject(toCallError(body.value));
    else if (body?.case === question.answerCase) question.answer.resolve(body);
    else throw new CallError('malformed', `not an answer to expect: ${body?.case}`); // and the end rejects the question
    this.#questions.delete(id);
    question.stopDeadline();
  }

  #told({ seq, body }: ServerFrame): void {
    if (seq !== this.#lastSeq + 1) {
      this.#end(new CallError('unavailable', 'facts are missing')); // joining again brings the whole roster
      return;
    }
    this.#lastSeq = seq;
    if (body?.case === 'sessionClosing') this.#end(toCallError(body.value));
    else if (body) this.#options.told(body);
  }

  #overdue(name: string): void {
    this.#options.log.warn('server silent', { reason: name });
    this.#end(new CallError('unavailable', `no answer within ${ANSWER_DEADLINE_MS} ms`));
  }

  #end(error: CallError): void {
    if (this.closed) return;
    this.#scope.close();
    this.#webSocket.close();
    this.#opened.reject(error);
    for (const { answer, stopDeadline } of this.#questions.values()) {
      stopDeadline();
      answer.reject(error);
    }
    this.#questions.clear();
    this.#ended.resolve(error);
  }
}

/** A code newer than this code is kept as it is; `CallError` takes every code that it does not know for final. */
function toCallError({ code, message }: ValueOf<'refused'>): CallError {
  return new CallError(code as CallErrorCode, message);
}
