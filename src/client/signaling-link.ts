import { CallError, type CallErrorCode, type Clock, type Log, Scope } from '../base/index.ts';
import {
  encodeClientFrame,
  type Resume,
  type SentClientMessage,
  type ServerFrame,
  type ServerMessage,
  type ServerMessageCase,
} from '../wire/index.ts';
import { Pending } from './pending.ts';
import { Pulse } from './pulse.ts';
import { Resumption } from './resumption.ts';
import { type OpenWebSocket, SignalingSocket, type SocketListener } from './signaling-socket.ts';
import { Unacknowledged } from './unacknowledged.ts';

/**
 * An answer takes one round trip and at most one worker call. When it takes longer the socket is blamed, and the session goes on
 * over another; when that does not help, the server.
 */
const ANSWER_DEADLINE_MS = 10_000;

/** So much received without a frame of ours to say so is acknowledged by a ping: the server keeps 1 MiB. */
const ACKNOWLEDGE_BYTES = 64 * 1024;

/**
 * The server lets 128 frames wait for the one before them. Honest use stays far below: 60 videos that are ready at once, and what a
 * person does in half a minute. Whoever has more to say after a pause does better to join anew.
 */
const MAX_UNACKNOWLEDGED = 120;

export type ValueOf<Case extends ServerMessageCase> = Extract<ServerMessage, { readonly case: Case }>['value'];

/** What a link takes from its surroundings, and whom it tells. */
export interface SignalingLinkOptions {
  readonly openWebSocket: OpenWebSocket;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Runs the action whenever the device says that it has a network again; the answer stops that. */
  readonly whenOnline: (action: () => void) => () => void;
  readonly log: Log;
  /** Every fact, in the order of its number, none twice and none missing. */
  readonly told: (fact: ServerMessage) => void;
  /** The socket was lost. The link looks for another by itself; what is asked meanwhile takes longer. */
  readonly dropped?: () => void;
  /** The session goes on, and nothing was lost. */
  readonly resumed?: () => void;
}

interface Question {
  readonly name: string;
  readonly answerCase: ServerMessageCase;
  readonly answer: Pending<ServerMessage>;
  stopDeadline: () => void;
  wasOverdue: boolean;
}

/**
 *     opening --Hello answered--> up --socket lost or silent--> away --resumed--> up
 *        `--------------------------`----------------------------`-- refused, too late, closed --> ended
 */
type LinkState =
  | { readonly kind: 'opening'; readonly socket: SignalingSocket }
  | { readonly kind: 'up'; readonly socket: SignalingSocket; readonly pulse: Pulse }
  | { readonly kind: 'away'; readonly resumption: Resumption; readonly sinceMs: number }
  | { readonly kind: 'ended'; readonly awaySinceMs: number | undefined };

/**
 * The conversation with the server, over one WebSocket after another: requests find their answers, facts come in order, and
 * each is carried out or told exactly once; what has become stale is not said again (see Unacknowledged).
 */
export class SignalingLink {
  readonly #url: string;
  readonly #options: SignalingLinkOptions;
  readonly #scope = new Scope();
  readonly #opened = new Pending<void>();
  readonly #ended = new Pending<CallError>();
  readonly #questions = new Map<number, Question>();
  readonly #unacknowledged = new Unacknowledged();
  #state: LinkState;
  #welcome: ValueOf<'hello'> | undefined;
  #lastId = 0;
  #lastSeq = 0;
  #receivedBytes = 0;
  #lostAtMs: number | undefined;

  constructor(url: string, options: SignalingLinkOptions) {
    this.#url = url;
    this.#options = options;
    this.#opened.promise.catch(() => undefined); // who waits for it has the error
    this.#state = { kind: 'opening', socket: new SignalingSocket(url, options.openWebSocket, this.#listener()) };
    const stopDeadline = options.clock.after(ANSWER_DEADLINE_MS, () => this.#giveUp('opening'));
    this.#scope.add(stopDeadline);
    this.#opened.promise.then(stopDeadline, stopDeadline);
    this.#scope.add(options.whenOnline(() => this.#networkIsBack()));
  }

  /** Rejects with `unavailable` when the server cannot be reached. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** Why the link ended; never rejects. */
  get ended(): Promise<CallError> {
    return this.#ended.promise;
  }

  get closed(): boolean {
    return this.#state.kind === 'ended';
  }

  /** When the socket was lost that none has followed, also when the link ended so; `undefined` otherwise. */
  get awaySinceMs(): number | undefined {
    if (this.#state.kind === 'ended') return this.#state.awaySinceMs;
    return this.#state.kind === 'away' ? this.#state.sinceMs : undefined;
  }

  /** Whether a socket is there, and when one was last lost. */
  get standing(): { readonly socketIsUp: boolean; readonly socketLostAtMs: number | undefined } {
    return { socketIsUp: this.#state.kind === 'up', socketLostAtMs: this.#lostAtMs };
  }

  /** The socket may be dead, as when the network changed: unless something comes soon, the session goes on over another. */
  suspect(): void {
    if (this.#state.kind === 'up') this.#state.pulse.suspect();
  }

  /** Begins the session. From its answer on the link outlives its socket. Throws as `request`. */
  async greet(token: string): Promise<ValueOf<'hello'>> {
    const welcome = await this.request({ case: 'hello', value: { token } }, 'hello');
    if (this.#state.kind === 'opening') {
      this.#welcome = welcome;
      this.#goUp(this.#state.socket, welcome);
    }
    return welcome;
  }

  /** The value of the answer. Throws the server's refusal, or `unavailable` when the link ends first. */
  async request<Case extends ServerMessageCase>(body: SentClientMessage, answerCase: Case): Promise<ValueOf<Case>> {
    if (this.closed) throw new CallError('unavailable', 'the link is closed');
    const id = this.#say(body);
    if (this.closed) throw await this.ended;
    const question: Question = {
      name: body.case,
      answerCase,
      answer: new Pending(),
      stopDeadline: () => undefined,
      wasOverdue: false,
    };
    this.#questions.set(id, question);
    if (this.#state.kind !== 'away') this.#startDeadline(question);
    return (await question.answer.promise).value as ValueOf<Case>; // #answered() compared the case
  }

  /** Says what the client wants. Nothing answers an intent that is accepted; one that is refused is logged. */
  intend(body: SentClientMessage): void {
    if (!this.closed) this.#say(body);
  }

  /** Ends the session, after what was sent so far. */
  close(): void {
    this.#end(new CallError('unavailable', 'closed by this side'));
  }

  #say(body: SentClientMessage): number {
    this.#lastId += 1;
    const id = this.#lastId;
    const bytes = encodeClientFrame(id, body, this.#lastSeq);
    this.#receivedBytes = 0;
    this.#unacknowledged.add(id, body.case, bytes);
    if (this.#state.kind === 'opening' || this.#state.kind === 'up') this.#state.socket.send(bytes);
    else if (this.#unacknowledged.size > MAX_UNACKNOWLEDGED)
      this.#end(new CallError('unavailable', 'away, and too much to say'));
    return id;
  }

  #listener(): SocketListener {
    return {
      opened: () => this.#opened.resolve(),
      received: (frame, sizeBytes) => this.#received(frame, sizeBytes),
      lost: () => this.#lost(),
      broke: (error) => this.#broke(error),
    };
  }

  #received(frame: ServerFrame, sizeBytes: number): void {
    const { id, seq } = frame;
    if (this.#state.kind === 'up') this.#state.pulse.heard();
    if (seq !== 0 && seq !== this.#lastSeq + 1) {
      this.#end(new CallError('unavailable', 'frames are missing')); // joining again brings the whole roster
      return;
    }
    if (seq !== 0) this.#lastSeq = seq;
    this.#receivedBytes += sizeBytes;
    if (id !== 0) this.#answered(frame);
    else this.#told(frame);
    if (this.#receivedBytes > ACKNOWLEDGE_BYTES && this.#state.kind === 'up') this.#state.pulse.beat();
  }

  /** An answer shows that the server has all frames up to the one that it answers. */
  #answered({ id, body }: ServerFrame): void {
    this.#unacknowledged.forget(id);
    const question = this.#questions.get(id);
    if (!question) {
      if (body?.case === 'refused') this.#options.log.warn('intent refused', { code: body.value.code });
      return;
    }
    this.#questions.delete(id);
    question.stopDeadline();
    if (body?.case === 'refused') question.answer.reject(toCallError(body.value));
    else if (body?.case === question.answerCase) question.answer.resolve(body);
    else {
      const error = new CallError('malformed', `not an answer to expect: ${body?.case}`);
      question.answer.reject(error);
      throw error;
    }
  }

  #told({ body }: ServerFrame): void {
    if (body?.case === 'sessionClosing') this.#end(toCallError(body.value));
    else if (body?.case === 'refused') this.#options.log.warn('frame refused', { code: body.value.code });
    else if (body) this.#options.told(body);
  }

  #lost(): void {
    if (this.#state.kind === 'up' && this.#welcome) this.#goAway(this.#state, this.#welcome);
    else this.#end(new CallError('unavailable', 'the socket closed'));
  }

  #broke(error: CallError): void {
    this.#options.log.error('server frame refused', { error: error.cause });
    this.#end(error);
  }

  #overdue(question: Question): void {
    if (this.#state.kind !== 'up' || question.wasOverdue) {
      this.#giveUp(question.name);
      return;
    }
    question.wasOverdue = true;
    this.#options.log.warn('answer overdue', { reason: question.name });
    this.#lost();
  }

  #giveUp(name: string): void {
    this.#options.log.warn('server silent', { reason: name });
    this.#end(new CallError('unavailable', `no answer within ${ANSWER_DEADLINE_MS} ms`));
  }

  #networkIsBack(): void {
    this.suspect();
    if (this.#state.kind === 'away') this.#state.resumption.tryNow();
  }

  #goUp(socket: SignalingSocket, { idleTimeoutMs }: ValueOf<'hello'>): void {
    const { clock } = this.#options;
    const ping = () => this.#say({ case: 'ping', value: {} });
    const silent = () => {
      this.#options.log.warn('server silent', { reason: 'ping' });
      this.#lost();
    };
    this.#state = { kind: 'up', socket, pulse: new Pulse({ clock, idleTimeoutMs, ping, silent }) };
  }

  /** Answers are owed by nobody while there is no socket. */
  #goAway({ socket, pulse }: Extract<LinkState, { kind: 'up' }>, welcome: ValueOf<'hello'>): void {
    const { clock, random, openWebSocket, log } = this.#options;
    pulse.close();
    socket.close('abandoned');
    for (const { stopDeadline } of this.#questions.values()) stopDeadline();
    const resumption = new Resumption({
      clock,
      random,
      windowMs: welcome.resumeWindowMs,
      openSocket: (listener) => new SignalingSocket(this.#url, openWebSocket, listener),
      hello: () => this.#resumeHello(welcome),
      resumed: (next, lastId) => this.#resumed(next, lastId, welcome),
      failed: (error) => this.#end(error),
    });
    this.#state = { kind: 'away', resumption, sinceMs: clock.nowMs() };
    this.#lostAtMs = clock.nowMs();
    log.info('socket lost');
    this.#options.dropped?.();
  }

  #resumeHello({ sessionId, resumeSecret }: ValueOf<'hello'>): Uint8Array {
    this.#lastId += 1;
    const resume: Resume = { sessionId, secret: resumeSecret, lastSeq: this.#lastSeq };
    return encodeClientFrame(this.#lastId, { case: 'hello', value: { resume } });
  }

  #resumed(socket: SignalingSocket, lastId: number, welcome: ValueOf<'hello'>): void {
    socket.handTo(this.#listener());
    this.#unacknowledged.forget(lastId);
    this.#goUp(socket, welcome);
    for (const frame of this.#unacknowledged.frames) socket.send(frame);
    for (const question of this.#questions.values()) this.#startDeadline(question);
    this.#options.log.info('session resumed');
    this.#options.resumed?.();
  }

  #startDeadline(question: Question): void {
    question.stopDeadline = this.#options.clock.after(ANSWER_DEADLINE_MS, () => this.#overdue(question));
  }

  #end(error: CallError): void {
    const state = this.#state;
    if (state.kind === 'ended') return;
    this.#state = { kind: 'ended', awaySinceMs: this.awaySinceMs };
    this.#scope.close();
    if (state.kind === 'up') state.pulse.close();
    if (state.kind === 'away') state.resumption.close();
    else state.socket.close('left');
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
function toCallError({ code, message, nextServer }: Omit<ValueOf<'refused'>, 'retryable'>): CallError {
  return new CallError(code as CallErrorCode, message, { nextServer });
}
