import { CallError, type SessionId } from '../base/index.ts';
import type { Resume } from '../wire/index.ts';
import type { Line } from './line.ts';
import { resumeRefused, Session, type SessionHost } from './session.ts';
import type { TokenClaims } from './token-claims.ts';

/** All sessions of a server, with a socket and without. */
export class Sessions {
  readonly #host: SessionHost;
  readonly #byId = new Map<SessionId, Session>();

  constructor(host: Omit<SessionHost, 'closed'>) {
    this.#host = { ...host, closed: ({ id }) => this.#byId.delete(id) };
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

  /** @throws CallError `resume-refused` when it may not be resumed, or is not there; `rate-limited` */
  find({ sessionId, secret, lastSeq }: Resume): Session {
    const session = this.#byId.get(sessionId);
    if (!session) throw resumeRefused();
    session.checkResume(secret, lastSeq);
    return session;
  }

  /** Tells each why. */
  close(): void {
    for (const session of this.#byId.values()) session.close('shutting-down', 'the server is shutting down');
  }
}
