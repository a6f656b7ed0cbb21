import { CallError, type CallErrorCode, type Clock } from '../base/index.ts';
import type { ServerFrame, ServerMessage } from '../wire/index.ts';
import { retryDelayMs } from './retry.ts';
import type { SignalingSocket, SocketListener } from './signaling-socket.ts';

/** The first try may take so long: a TLS connection and Hello on a good mobile line. A try that hangs costs the next one this. */
const FIRST_TRY_LIMIT_MS = 3_000;

/** Each try may take twice as long as the one before, up to here: a very slow line also gets its turn. */
const MAX_TRY_LIMIT_MS = 10_000;

export interface ResumptionOptions {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** For how long the server keeps the session. */
  readonly windowMs: number;
  readonly openSocket: (listener: SocketListener) => SignalingSocket;
  /** The frame that asks for the session. */
  readonly hello: () => Uint8Array;
  /** The session goes on over this socket. `lastId`: what the server has of this side. */
  readonly resumed: (socket: SignalingSocket, lastId: number) => void;
  /** It does not. */
  readonly failed: (error: CallError) => void;
}

/**
 *     trying --resumed--> over
 *      |  ^ `--refused for good, time is over--> over
 *      v  |
 *     waiting
 */
type ResumptionState =
  | { readonly kind: 'waiting'; readonly stopTimer: () => void }
  | { readonly kind: 'trying'; readonly socket: SignalingSocket; readonly stopTimer: () => void }
  | { readonly kind: 'over' };

/** Looks for another WebSocket on which the session goes on: at once, then ever more slowly, until the server has let it go. */
export class Resumption {
  readonly #options: ResumptionOptions;
  readonly #stopWindow: () => void;
  #failures = 0;
  #state: ResumptionState;

  constructor(options: ResumptionOptions) {
    const { clock, windowMs } = options;
    this.#options = options;
    this.#state = this.#wait();
    this.#stopWindow = clock.after(windowMs, () => this.#fail(new CallError('unavailable', 'away for too long')));
  }

  /** The network is back, it seems: what hangs is given up, and nothing is waited for. */
  tryNow(): void {
    if (this.#state.kind !== 'over') this.#try();
  }

  close(): void {
    this.#leave();
    this.#stopWindow();
    this.#state = { kind: 'over' };
  }

  #wait(): ResumptionState {
    const { clock, random } = this.#options;
    return { kind: 'waiting', stopTimer: clock.after(retryDelayMs(this.#failures, random()), () => this.#try()) };
  }

  #try(): void {
    this.#leave();
    const { clock, openSocket, hello } = this.#options;
    const limitMs = Math.min(MAX_TRY_LIMIT_MS, FIRST_TRY_LIMIT_MS * 2 ** this.#failures);
    const socket = openSocket({
      opened: () => socket.send(hello()),
      received: (frame) => this.#answered(socket, frame),
      lost: () => this.#again(),
      broke: (error) => this.#fail(error),
    });
    this.#state = { kind: 'trying', socket, stopTimer: clock.after(limitMs, () => this.#again()) };
  }

  #answered(socket: SignalingSocket, { body }: ServerFrame): void {
    if (body?.case === 'resumed' && this.#state.kind === 'trying') {
      this.#state.stopTimer();
      this.#stopWindow();
      this.#state = { kind: 'over' };
      this.#options.resumed(socket, body.value.lastId);
    } else if (isNo(body) && !body.value.retryable) this.#fail(endedBy(body.value));
    else this.#again();
  }

  #again(): void {
    this.#leave();
    this.#failures += 1;
    this.#state = this.#wait();
  }

  #fail(error: CallError): void {
    this.close();
    this.#options.failed(error);
  }

  /** What the state holds is let go. */
  #leave(): void {
    if (this.#state.kind === 'over') return;
    this.#state.stopTimer();
    if (this.#state.kind === 'trying') this.#state.socket.close('abandoned');
  }
}

/** A session that the server does not have may be followed by a new one; one that ended for a reason of its own may not. */
function endedBy({ code, message }: Extract<ServerMessage, { case: 'refused' }>['value']): CallError {
  if (code === 'resume-refused') return new CallError('unavailable', 'the session is gone');
  return new CallError(code as CallErrorCode, message);
}

function isNo(body: ServerMessage | undefined): body is Extract<ServerMessage, { case: 'refused' | 'sessionClosing' }> {
  return body?.case === 'refused' || body?.case === 'sessionClosing';
}
