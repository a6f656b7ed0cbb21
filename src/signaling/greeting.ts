import { CallError, type Clock } from '../base/index.ts';
import type { Metrics } from '../ops/index.ts';
import type { Sfu } from '../sfu/index.ts';
import type { ClientFrame, Resume } from '../wire/index.ts';
import { CLOSE_CODES, type ClosingCode, closes, toCallError, toRefusal } from './errors.ts';
import { type FrameTaker, Intake } from './intake.ts';
import type { SignalingLimits } from './limits.ts';
import type { Line, LineEnd, LineUser } from './line.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { TokenVerifier } from './token-verifier.ts';

export interface GreetingHost {
  readonly sfu: Pick<Sfu, 'routerRtpCapabilities'>;
  readonly tokens: Pick<TokenVerifier, 'verify'>;
  readonly sessions: Sessions;
  readonly limits: SignalingLimits;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** A message that came while the token was being verified. */
interface EarlyMessage {
  readonly bytes: Uint8Array;
  readonly isBinary: boolean;
}

/**
 *     awaiting --Hello with a token--> verifying --good--> over: the line is a new session's
 *      ^ |  |                              `--refused--> over: the line is closed
 *      | |  `--Hello with a good resume--> over: the line is that session's
 *      '-'  --with a bad one, some times--
 */
type GreetingState =
  | { readonly kind: 'awaiting' }
  | { readonly kind: 'verifying'; readonly early: EarlyMessage[] }
  | { readonly kind: 'over' };

/** A socket that has not said a good Hello yet. */
export class Greeting implements LineUser, FrameTaker {
  readonly #line: Line;
  readonly #host: GreetingHost;
  readonly #intake: Intake;
  readonly #stopTimeout: () => void;
  #state: GreetingState = { kind: 'awaiting' };

  constructor(line: Line, host: GreetingHost) {
    const { clock, limits } = host;
    this.#line = line;
    this.#host = host;
    this.#intake = new Intake(host, this);
    this.#stopTimeout = clock.after(limits.helloTimeoutMs, () => {
      host.metrics.refusals.inc({ code: 'hello-timeout' });
      this.close('hello-timeout', `no Hello in ${limits.helloTimeoutMs} ms`);
    });
  }

  receive(bytes: Uint8Array, { isBinary }: { readonly isBinary: boolean }): void {
    if (this.#state.kind === 'verifying') this.#keep(this.#state.early, { bytes: bytes.slice(), isBinary });
    else if (this.#state.kind === 'awaiting') this.#intake.receive(bytes, { isBinary });
  }

  receiveControl(sizeBytes: number): void {
    this.#intake.receiveControl(sizeBytes);
  }

  lineEnded(how: LineEnd): void {
    if (how === 'silent') this.close('idle-timeout', `nothing heard for ${this.#host.limits.idleTimeoutMs} ms`);
    else this.#end();
  }

  accept({ id, body }: ClientFrame): void {
    if (body.case !== 'hello') {
      this.#intake.refuseBadFrame(id, new CallError('out-of-order', 'Hello comes first'));
      return;
    }
    this.#host.metrics.framesReceived.inc({ kind: 'hello' });
    if ('resume' in body.value) this.#resume(id, body.value.resume);
    else void this.#begin(id, body.value.token);
  }

  refuse(id: number, error: CallError): void {
    this.#host.metrics.refusals.inc({ code: error.code });
    this.#line.say(id, { case: 'refused', value: toRefusal(error) });
  }

  close(code: ClosingCode, message: string): void {
    this.#end();
    this.#line.say(0, { case: 'sessionClosing', value: toRefusal(new CallError(code, message)) });
    this.#line.end(CLOSE_CODES[code], code);
  }

  /** A guess counts as a bad frame. */
  #resume(id: number, resume: Resume): void {
    try {
      const session = this.#host.sessions.find(resume);
      this.#end();
      this.#line.say(id, { case: 'resumed', value: { lastId: session.lastId } });
      session.resume(this.#line, resume.lastSeq);
    } catch (error) {
      this.#intake.refuseBadFrame(id, toCallError(error));
    }
  }

  async #begin(id: number, token: string): Promise<void> {
    const early: EarlyMessage[] = [];
    const { sessions, tokens } = this.#host;
    this.#state = { kind: 'verifying', early };
    try {
      sessions.checkSpace(); // first: the token serves once
      const claims = await tokens.verify(token, Date.now());
      if (this.#line.closed) return;
      const session = sessions.open(this.#line, claims, id);
      this.#end();
      this.#line.say(id, { case: 'hello', value: this.#welcome(session) });
      for (const { bytes, isBinary } of early) session.receive(bytes, { isBinary });
    } catch (error) {
      const refusal = toCallError(error);
      this.refuse(id, refusal);
      this.close(closes(refusal.code) ? refusal.code : 'internal', refusal.message);
    }
  }

  #welcome({ id: sessionId, resumeSecret }: Session) {
    const { sfu, limits } = this.#host;
    const { idleTimeoutMs, resumeWindowMs } = limits;
    return { routerRtpCapabilities: sfu.routerRtpCapabilities, idleTimeoutMs, sessionId, resumeSecret, resumeWindowMs };
  }

  /** A verification takes a millisecond: who sends as much meanwhile as a session may in a burst is no honest client. */
  #keep(early: EarlyMessage[], message: EarlyMessage): void {
    const { maxWaiting, bytes } = this.#host.limits;
    early.push(message);
    const earlyBytes = early.reduce((sum, each) => sum + each.bytes.byteLength, 0);
    if (early.length > maxWaiting || earlyBytes > bytes.burst) this.close('rate-limited', 'too much before the answer');
  }

  #end(): void {
    this.#state = { kind: 'over' };
    this.#stopTimeout();
  }
}
