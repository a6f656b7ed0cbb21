import { CallError, type SessionId } from '../base/index.ts';
import type { Resume } from '../wire/index.ts';
import { EndedSessions } from './ended-sessions.ts';
import type { Line } from './line.ts';
import { type CloseReason, resumeRefused, Session, type SessionHost } from './session.ts';
import type { TokenClaims } from './token-claims.ts';

/** All sessions of a server, with a socket and without. */
export class Sessions {
  readonly #host: SessionHost;
  readonly #byId = new Map<SessionId, Session>();
  readonly #ended: EndedSessions;

  constructor(host: Omit<SessionHost, 'closed'>) {
    this.#host = { ...host, closed: (session, reason) => this.#closed(session, reason) };
    this.#ended = new EndedSessions(host.clock, host.limits.resumeWindowMs);
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Those whose client is away. */
  get detached(): number {
    return [...this.#byId.values()].filter(({ isDetached }) => isDetached).length;
  }

  /** @throws CallError `server-full` */
  checkSpace(): void {
    const { maxSessions } = this.#host.limits;
    if (this.size >= maxSessions) throw new CallError('server-full', `${maxSessions} sessions are open`);
  }

  /** `lastId`: of the Hello that began it. */
  open(line: Line, claims: TokenClaims, lastId: number): Session {
    const session = new Session(line, claims, lastId, this.#host);
    this.#byId.set(session.id, session);
    return session;
  }

  /**
   * @throws CallError `resume-refused` when it may not be resumed, or is not there; `rate-limited`; what it ended with, when that
   * was final
   */
  find(resume: Resume): Session {
    const session = this.#byId.get(resume.sessionId);
    if (!session) throw this.#ended.whyEnded(resume) ?? resumeRefused();
    session.checkResume(resume.secret, resume.lastSeq);
    return session;
  }

  #closed({ id, resumeSecret }: Session, reason: CloseReason): void {
    this.#byId.delete(id);
    const isFinal = reason !== 'gone' && !new CallError(reason, '').retryable; // after any other the client joins anew anyway
    if (isFinal) this.#ended.add(id, resumeSecret, reason);
  }

  /** Tells each why. */
  close(): void {
    for (const session of this.#byId.values()) session.close('shutting-down', 'the server is shutting down');
  }
}
