import { timingSafeEqual } from 'node:crypto';
import { CallError, type Clock, type SessionId } from '../base/index.ts';
import type { Resume } from '../wire/index.ts';
import type { ClosingCode } from './errors.ts';

/** So many at most, some 200 B each; then the oldest go. Who is forgotten hears `resume-refused`, and may join with a token. */
const MAX_ENDED = 4_000;

interface Ended {
  readonly secret: Uint8Array;
  readonly code: ClosingCode;
  readonly untilMs: number;
}

/**
 * Sessions that ended with a final no, for as long as their clients may be on the way back: else a device that was replaced
 * while it was away would join with a fresh token, and replace the newer session in its turn.
 */
export class EndedSessions {
  readonly #clock: Clock;
  readonly #keptMs: number;
  /** The oldest first. */
  readonly #byId = new Map<SessionId, Ended>();

  constructor(clock: Clock, keptMs: number) {
    this.#clock = clock;
    this.#keptMs = keptMs;
  }

  get size(): number {
    return this.#byId.size;
  }

  add(id: SessionId, secret: Uint8Array, code: ClosingCode): void {
    const nowMs = this.#clock.nowMs();
    this.#byId.set(id, { secret, code, untilMs: nowMs + this.#keptMs });
    for (const [oldest, { untilMs }] of this.#byId) {
      if (untilMs > nowMs && this.#byId.size <= MAX_ENDED) return;
      this.#byId.delete(oldest);
    }
  }

  /** What a session ended with, for who knows its secret. */
  whyEnded({ sessionId, secret }: Resume): CallError | undefined {
    const ended = this.#byId.get(sessionId);
    if (!ended || ended.untilMs <= this.#clock.nowMs() || !timingSafeEqual(secret, ended.secret)) return undefined;
    return new CallError(ended.code, 'the session ended while its client was away');
  }
}
