import { CallError, type Clock, type Log, Mailbox, randomId, Scope } from '../base/index.ts';
import type { Metrics } from '../ops/index.ts';
import { type ClientFrame, decodeClientFrame, frameIdOf, WireError } from '../wire/index.ts';
import { type ClosingCode, closes, toCallError, toRefusal } from './errors.ts';
import { type Admission, FloodGuard } from './flood-guard.ts';
import { handleMessage } from './handlers.ts';
import type { SignalingLimits } from './limits.ts';
import { Liveness } from './liveness.ts';
import { Membership, type MembershipHost } from './membership.ts';
import { Outbox } from './outbox.ts';
import type { Socket } from './socket.ts';

/** What all sessions of a server share. */
export interface SessionHost extends MembershipHost {
  readonly limits: SignalingLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Called once, when the session has closed. */
  readonly closed: (session: Session) => void;
}

/** `gone`: the client or the network closed the socket. */
type CloseReason = ClosingCode | 'gone';

/** One signaling socket: reads frames, carries them out one at a time, answers, and passes facts on. */
export class Session {
  readonly #host: SessionHost;
  readonly #log: Log;
  readonly #scope = new Scope();
  readonly #mailbox = new Mailbox();
  readonly #outbox: Outbox;
  readonly #membership: Membership;
  readonly #flood: FloodGuard;
  readonly #liveness: Liveness;
  #lastId = 0;
  #badFrames = 0;

  constructor(socket: Socket, host: SessionHost) {
    const { clock, limits, metrics } = host;
    this.#host = host;
    this.#log = host.log.child({ session: randomId() });
    this.#flood = new FloodGuard(limits, clock.nowMs());
    this.#outbox = new Outbox(socket, {
      limitBytes: limits.outboxBytes,
      metrics,
      overflowed: () => this.close('too-slow', 'the client takes frames slower than they come'),
    });
    this.#membership = this.#scope.own(
      new Membership(host, this.#outbox, {
        replace: () => this.close('replaced', 'the same device joined from a newer session'),
      }),
    );
    this.#liveness = this.#scope.own(
      new Liveness(clock, limits.idleTimeoutMs, {
        quiet: () => socket.ping(),
        dead: () => this.close('idle-timeout', `nothing heard for ${limits.idleTimeoutMs} ms`),
      }),
    );
    this.#scope.add(
      clock.after(limits.helloTimeoutMs, () => {
        if (!this.#membership.isGreeted) this.close('hello-timeout', `no Hello in ${limits.helloTimeoutMs} ms`);
      }),
    );
    metrics.sessionsOpened.inc();
    this.#log.debug('session opened');
  }

  /** A WebSocket message. Never throws: whatever is wrong with it is the client's to hear. */
  receive(bytes: Uint8Array, { isBinary }: { readonly isBinary: boolean }): void {
    if (this.#scope.closed) return;
    this.#liveness.heard();
    const admission = this.#flood.admit(bytes.byteLength, this.#host.clock.nowMs());
    if (admission !== 'admitted') {
      this.#refuseFlood(frameIdOf(bytes), admission, 'too many frames or bytes a second');
      return;
    }
    try {
      if (!isBinary) throw new WireError('malformed', 'text message; frames are binary');
      this.#accept(decodeClientFrame(bytes));
    } catch (error) {
      this.#refuseBadFrame(error instanceof WireError ? error.frameId : 0, toCallError(error));
    }
  }

  /** A WebSocket ping or pong: shows life, and costs like a frame. */
  receiveControl(sizeBytes: number): void {
    if (this.#scope.closed) return;
    this.#liveness.heard();
    const admission = this.#flood.admit(sizeBytes, this.#host.clock.nowMs());
    if (admission === 'flooding') this.#refuseFlood(0, admission, 'too many pings a second');
  }

  /** The socket is gone: it is not touched again. */
  socketClosed(): void {
    this.#end('gone');
  }

  /** Says why and closes the socket. Closing twice is the same as once. */
  close(code: ClosingCode, message: string): void {
    if (this.#scope.closed) return;
    this.#end(code); // first: uWebSockets.js calls socketClosed() from within the outbox's close
    this.#outbox.close(code, new CallError(code, message));
  }

  #accept(frame: ClientFrame): void {
    const { id, body } = frame;
    // Refused under id 0: the earlier frame of this id has its own answer.
    if (id <= this.#lastId) throw new WireError('malformed', `id ${id} after ${this.#lastId}: ids grow`);
    this.#lastId = id;
    if (!this.#membership.isGreeted && body.case !== 'hello' && this.#mailbox.waiting === 0) {
      this.#refuseBadFrame(id, new CallError('out-of-order', 'Hello comes first'));
      return;
    }
    this.#host.metrics.framesReceived.inc({ kind: body.case });
    if (body.case === 'ping') {
      this.#outbox.answer(id, { case: 'done', value: {} }); // at once: a slow worker must not make the line look dead
    } else if (this.#mailbox.waiting >= this.#host.limits.maxWaiting) {
      this.#refuseFlood(id, this.#flood.refuse(this.#host.clock.nowMs()), 'too many requests wait');
    } else {
      void this.#mailbox.run(() => this.#carryOut(frame));
    }
  }

  async #carryOut({ id, body }: ClientFrame): Promise<void> {
    if (this.#scope.closed) return;
    try {
      const answer = await handleMessage(this.#membership, body);
      if (answer) this.#outbox.answer(id, answer);
    } catch (error) {
      const refusal = toCallError(error);
      this.#refuse(id, refusal);
      if (this.#membership.isGreeted) return;
      this.close(closes(refusal.code) ? refusal.code : 'internal', refusal.message); // without a token it may do nothing
    } finally {
      this.#outbox.releaseFacts();
    }
  }

  #refuse(id: number, error: CallError): void {
    if (error.code === 'internal') this.#log.error('request failed', { error: error.cause ?? error });
    this.#host.metrics.refusals.inc({ code: error.code });
    this.#outbox.answer(id, { case: 'refused', value: toRefusal(error) });
  }

  #refuseBadFrame(id: number, error: CallError): void {
    this.#host.metrics.framesReceived.inc({ kind: error.code });
    this.#refuse(id, error);
    this.#badFrames += 1;
    if (this.#badFrames < this.#host.limits.maxBadFrames || !closes(error.code)) return;
    this.close(error.code, `${this.#badFrames} bad frames, the last: ${error.message}`);
  }

  #refuseFlood(id: number, admission: Exclude<Admission, 'admitted'>, message: string): void {
    if (admission === 'flooding') this.close('rate-limited', message);
    else this.#refuse(id, new CallError('rate-limited', message));
  }

  #end(reason: CloseReason): void {
    if (this.#scope.closed) return;
    try {
      this.#scope.close();
    } catch (error) {
      this.#log.error('session closed badly', { error });
    }
    this.#host.metrics.sessionsClosed.inc({ reason });
    this.#log.debug('session closed', { reason });
    this.#host.closed(this);
  }
}
