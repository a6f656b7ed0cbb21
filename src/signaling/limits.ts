import type { Rate } from './token-bucket.ts';

/** What one session may cost, and how many there may be. */
export interface SignalingLimits {
  readonly maxSessions: number;
  /** From the socket's opening to an accepted Hello. */
  readonly helloTimeoutMs: number;
  /** Silence after which a socket is dead; clients ping at a third of it. */
  readonly idleTimeoutMs: number;
  readonly frames: Rate;
  readonly bytes: Rate;
  /** Refusals for going too fast; when these run out too, the session is closed. */
  readonly refusals: Rate;
  /** Requests that wait for the one before them. */
  readonly maxWaiting: number;
  /** Frames that do not decode or hold a bad field; the last of them closes the session. */
  readonly maxBadFrames: number;
  /** Bytes written to a socket and not yet taken by the network. */
  readonly outboxBytes: number;
}

export const SIGNALING_LIMITS: SignalingLimits = {
  /** Above the default of 2,000 peers by those who are greeted and look at the lobby. A session costs about 30 kB. */
  maxSessions: 4_000,
  /** A round trip and a signature on a poor mobile link. Longer keeps strangers' sockets longer. */
  helloTimeoutMs: 5_000,
  /** Half-open sockets must be gone within 20 s. Shorter drops clients on trains; longer keeps ghosts on screens. */
  idleTimeoutMs: 15_000,
  /** A view of 50 tiles is answered by 60 ConsumerReady at once; scrolling makes ten views a second. */
  frames: { perSecond: 50, burst: 200 },
  /** The largest honest frame, a join, has 6 kB; some frames of the largest size must pass to be refused by name. */
  bytes: { perSecond: 64 * 1024, burst: 512 * 1024 },
  /** A slip of an honest client is told; a flood is not worth an answer each. */
  refusals: { perSecond: 2, burst: 50 },
  /** A worker that hangs is replaced within some seconds; meanwhile a busy client's intents must fit. */
  maxWaiting: 128,
  maxBadFrames: 3,
  /** Some thousand facts, a minute of a lively room: a client that is further behind does better to start anew. */
  outboxBytes: 256 * 1024,
};
