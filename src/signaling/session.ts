import { timingSafeEqual } from 'node:crypto';
import { CallError, type Log, Mailbox, randomId, Scope, type SessionId, TokenBucket } from '../base/index.ts';
import type { Metrics } from '../ops/index.ts';
import { type ClientFrame, RESUME_SECRET_BYTES, WireError } from '../wire/index.ts';
import { CLOSE_CODES, type ClosingCode, RESUMED_CLOSE_CODE, toCallError, toRefusal } from './errors.ts';
import { handleMessage } from './handlers.ts';
import { type FrameTaker, Intake } from './intake.ts';
import type { SignalingLimits } from './limits.ts';
import type { Line, LineEnd, LineUser } from './line.ts';
import { Membership, type MembershipHost } from './membership.ts';
import { Outbox } from './outbox.ts';
import type { TokenClaims } from './token-claims.ts';

/** What all sessions of a server share. */
export interface SessionHost extends MembershipHost {
  readonly limits: SignalingLimits;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Called once, when the session has closed. */
  readonly closed: (session: Session, reason: CloseReason) => void;
}

/** `gone`: the client closed the socket, or lost it and did not come back. */
export type CloseReason = ClosingCode | 'gone';

/**
 *     attached --socket lost or silent, in a room--> detached --resumed--> attached
 *        |                                              |
 *        |                                              `-- time is over, too much to keep, replaced --> closed
 *        '-- closed by either side, socket lost outside rooms --> closed
 */
type SessionState =
  | { readonly kind: 'attached'; readonly line: Line }
  | { readonly kind: 'detached'; readonly stopWaiting: () => void }
  | { readonly kind: 'closed' };

/**
 * What began with a token, and outlives its sockets while it is in a room: carries frames out one at a time, answers, and
 * passes facts on.
 */
export class Session implements LineUser, FrameTaker {
  readonly id = randomId<SessionId>();
  /** Whoever shows it has this session. Never logged. */
  readonly resumeSecret = crypto.getRandomValues(new Uint8Array(RESUME_SECRET_BYTES));
  readonly #host: SessionHost;
  readonly #log: Log;
  readonly #scope = new Scope();
  readonly #mailbox = new Mailbox();
  readonly #intake: Intake;
  readonly #outbox: Outbox;
  readonly #membership: Membership;
  readonly #resumes: TokenBucket;
  #state: SessionState;

  /** `lastId`: of the Hello. */
  constructor(line: Line, claims: TokenClaims, lastId: number, host: SessionHost) {
    const { clock, limits, metrics } = host;
    this.#host = host;
    this.#log = host.log.child({ session: this.id });
    this.#state = { kind: 'attached', line };
    this.#intake = new Intake(host, this, lastId);
    this.#resumes = new TokenBucket(limits.resumes, clock.nowMs());
    this.#outbox = new Outbox({
      limitBytes: limits.outboxBytes,
      overflowed: () => this.close('too-slow', 'the client takes frames slower than they come'),
    });
    this.#membership = this.#scope.own(
      new Membership(host, claims, this.#outbox, {
        replace: () => this.close('replaced', 'the same device joined from a newer session'),
        remove: () => this.close('removed', 'a moderator removed this device from the room'),
      }),
    );
    this.#outbox.attach(line, 0);
    line.handTo(this);
    metrics.sessionsOpened.inc();
    this.#log.debug('session opened');
  }

  get isDetached(): boolean {
    return this.#state.kind === 'detached';
  }

  /** The highest id of the client's frames that need not come again. */
  get lastId(): number {
    return this.#intake.lastId;
  }

  /** @throws CallError `resume-refused`, which tells nobody why; `rate-limited` when it happens all the time */
  checkResume(secret: Uint8Array, lastSeq: number): void {
    if (!timingSafeEqual(secret, this.resumeSecret) || !this.#outbox.canReplay(lastSeq)) throw resumeRefused();
    if (this.#resumes.take(1, this.#host.clock.nowMs())) return;
    throw new CallError('rate-limited', 'resumed too often');
  }

  /** Goes on over another line, with everything after `lastSeq`. Takes over from a socket that only looks open. */
  resume(line: Line, lastSeq: number): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    this.#state = { kind: 'attached', line };
    if (state.kind === 'attached') state.line.end(RESUMED_CLOSE_CODE, 'resumed');
    else state.stopWaiting();
    line.handTo(this);
    this.#host.metrics.sessionsResumed.inc();
    this.#log.debug('session resumed');
    this.#outbox.attach(line, lastSeq);
    this.#membership.back();
  }

  receive(bytes: Uint8Array, { isBinary }: { readonly isBinary: boolean }): void {
    if (this.#state.kind === 'attached') this.#intake.receive(bytes, { isBinary });
  }

  receiveControl(sizeBytes: number): void {
    if (this.#state.kind === 'attached') this.#intake.receiveControl(sizeBytes);
  }

  lineEnded(how: LineEnd): void {
    const { resumeWindowMs, idleTimeoutMs } = this.#host.limits;
    if (!this.#membership.isInRoom || how === 'left') {
      if (how === 'silent') this.close('idle-timeout', `nothing heard for ${idleTimeoutMs} ms`);
      else this.#end('gone');
    } else if (how === 'silent') {
      this.#detach(Math.max(0, resumeWindowMs - idleTimeoutMs)); // the silence is part of the time away
    } else {
      this.#detach(resumeWindowMs);
    }
  }

  /** Says why and closes the socket. Closing twice is the same as once. */
  close(code: ClosingCode, message: string): void {
    if (this.#state.kind === 'closed') return;
    this.#end(code);
    this.#outbox.close(code, new CallError(code, message));
  }

  accept(frame: ClientFrame): void {
    const { id, ack, body } = frame;
    if (!this.#outbox.acknowledge(ack)) throw new WireError('malformed', `ack ${ack} of what was not sent`, id);
    this.#host.metrics.framesReceived.inc({ kind: body.case });
    if (body.case === 'ping') {
      this.#outbox.answer(id, { case: 'done', value: {} }); // at once: a slow worker must not make the line look dead
    } else if (body.case === 'invite') {
      void this.#answer(frame); // beside the others, which do not wait for the messenger's backend
    } else if (this.#mailbox.waiting >= this.#host.limits.maxWaiting) {
      this.#intake.refuseExcess(id, 'too many requests wait');
    } else {
      void this.#mailbox.run(() => this.#carryOut(frame));
    }
  }

  refuse(id: number, error: CallError): void {
    if (error.code === 'internal') this.#log.error('request failed', { error: error.cause ?? error });
    this.#host.metrics.refusals.inc({ code: error.code });
    this.#outbox.answer(id, { case: 'refused', value: toRefusal(error) });
  }

  async #carryOut(frame: ClientFrame): Promise<void> {
    if (this.#state.kind === 'closed') return;
    await this.#answer(frame);
    this.#outbox.releaseFacts();
  }

  /** Never rejects: what is thrown is the refusal. */
  async #answer({ id, body }: ClientFrame): Promise<void> {
    try {
      const answer = await handleMessage(this.#membership, body);
      if (answer) this.#outbox.answer(id, answer);
    } catch (error) {
      this.refuse(id, toCallError(error));
    }
  }

  #detach(forMs: number): void {
    const { clock } = this.#host;
    if (this.#state.kind === 'attached') this.#state.line.end(CLOSE_CODES['idle-timeout'], 'idle-timeout');
    this.#state = { kind: 'detached', stopWaiting: clock.after(forMs, () => this.#end('gone')) };
    this.#outbox.detach();
    this.#membership.away();
    this.#log.debug('session detached');
  }

  #end(reason: CloseReason): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    this.#state = { kind: 'closed' };
    if (state.kind === 'detached') state.stopWaiting();
    try {
      this.#scope.close();
    } catch (error) {
      this.#log.error('session closed badly', { error });
    }
    this.#host.metrics.sessionsClosed.inc({ reason });
    this.#log.debug('session closed', { reason });
    this.#host.closed(this, reason);
  }
}

/** One message for every cause: a guess learns nothing. */
export function resumeRefused(): CallError {
  return new CallError('resume-refused', 'no session to resume: say Hello with a token');
}
