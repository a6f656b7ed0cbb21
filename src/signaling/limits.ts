import type { Rate } from '../base/index.ts';
import type { MlsRates } from './mls/mls-seat.ts';

/** What one session may cost, and how many there may be. */
export interface SignalingLimits {
  /** With a socket or without. */
  readonly maxSessions: number;
  /** WebSockets, those that have not said Hello among them. */
  readonly maxSockets: number;
  /** From the socket's opening to an accepted Hello. */
  readonly helloTimeoutMs: number;
  /** Silence after which a socket is dead; clients ping at a third of it. */
  readonly idleTimeoutMs: number;
  /** From the loss of a socket to the end of its session, when that is in a room. */
  readonly resumeWindowMs: number;
  /** Of one session. */
  readonly resumes: Rate;
  readonly frames: Rate;
  readonly bytes: Rate;
  /** Bytes of the frames that are larger than MAX_FRAME_BYTES: commits for large rooms. */
  readonly commitBytes: Rate;
  /** Sources that begin. Their ends need no limit of their own, and are never refused: nobody must stay on the screen who has gone. */
  readonly publishes: Rate;
  /** Muting is never refused. */
  readonly unmutes: Rate;
  /** Removals of others, locks and their ends. */
  readonly moderations: Rate;
  /** People whom one session has rung, and all of a room together. */
  readonly invites: Rate;
  readonly roomInvites: Rate;
  readonly mls: MlsRates;
  /** From MediaLost to joining again; then the session is no member of the group any more. */
  readonly rejoinMs: number;
  /** Refusals for going too fast; when these run out too, the session is closed. */
  readonly refusals: Rate;
  /** Requests that wait for the one before them. */
  readonly maxWaiting: number;
  /** Frames that do not decode or hold a bad field; the last of them closes the session. */
  readonly maxBadFrames: number;
  /** Bytes written to a socket and not yet taken by the network; as many again that the client has not said it has. */
  readonly outboxBytes: number;
}

export const SIGNALING_LIMITS: SignalingLimits = {
  /** Above the default of 2,000 peers by those who are greeted and look at the lobby. A session costs about 30 kB. */
  maxSessions: 4_000,
  /** Above the sessions by those who come back while their old socket still looks open, and by strangers in their first 5 s. */
  maxSockets: 5_000,
  /** A round trip and a signature on a poor mobile link. Longer keeps strangers' sockets longer. */
  helloTimeoutMs: 5_000,
  /** Half-open sockets must be gone within 20 s. Shorter drops clients on trains; longer keeps ghosts on screens. */
  idleTimeoutMs: 15_000,
  /** A tunnel, a lift, another network. Longer keeps those who are gone on the screens of the others. */
  resumeWindowMs: 30_000,
  /** A line that breaks every two seconds carries no call. Each resume may send 1 MiB again. */
  resumes: { perSecond: 0.5, burst: 10 },
  /** A view of 50 tiles is answered by 60 ConsumerReady at once; scrolling makes ten views a second. */
  frames: { perSecond: 50, burst: 200 },
  /** The largest honest frame, a join, has 6 kB; some frames of the largest size must pass to be refused by name. */
  bytes: { perSecond: 64 * 1024, burst: 512 * 1024 },
  /**
   * Commit and welcome for 200 members have 130 kB, and in a storm of joins the same member may make all commits: 15 at
   * once, then one a second. Too low, and the next member is asked 1.5 s later; too high, and a hostile client fills
   * everybody's line.
   */
  commitBytes: { perSecond: 128 * 1024, burst: 2 * 1024 * 1024 },
  /** Four sources at once, and again on another worker. Each opens a consumer for everybody who watches or hears it. */
  publishes: { perSecond: 1, burst: 10 },
  /** A key that is held to talk. Everybody in the room is told. */
  unmutes: { perSecond: 2, burst: 30 },
  /** A crowd of strangers is shown out within a minute; everybody in the room is told of each. */
  moderations: { perSecond: 1, burst: 20 },
  /** A family at once, then one in 10 s: each makes a telephone ring. */
  invites: { perSecond: 0.1, burst: 10 },
  /** Twice that: several people add others at the beginning. More rings people who said no. */
  roomInvites: { perSecond: 0.2, burst: 20 },
  mls: {
    /** Once for a join and for each loss of keys. Every offer costs the whole room a commit. */
    offers: { perSecond: 0.2, burst: 10 },
    /** Clients refresh every 5 minutes. A refresh goes to the whole room. */
    refreshes: { perSecond: 0.2, burst: 5 },
    /** A check-in in every epoch of a storm of joins; a chat and its reactions. More fills everybody's line. */
    sealed: { perSecond: 10, burst: 60 },
    sealedBytes: { perSecond: 16 * 1024, burst: 64 * 1024 },
  },
  /** A worker is replaced within some seconds, and clients join again at once. */
  rejoinMs: 30_000,
  /** A slip of an honest client is told; a flood is not worth an answer each. */
  refusals: { perSecond: 2, burst: 50 },
  /** A worker that hangs is replaced within some seconds; meanwhile a busy client's intents must fit. */
  maxWaiting: 128,
  maxBadFrames: 3,
  /**
   * Some thousand facts, or ten commits of a room of 250 (85 kB each) and a welcome to it: a storm of joins on a slow
   * line. A client that is further behind does better to start anew. Twice as high would let slow clients hold twice
   * the memory.
   */
  outboxBytes: 1024 * 1024,
};
