import { CallError, type Clock, type Scope } from '../base/index.ts';
import { type LeftReason, type LossCause, refused } from './call-state.ts';
import { RETRY_LIMIT_MS, retryDelayMs, STABLE_MS } from './retry.ts';

export interface StaySession {
  readonly closed: boolean;
  /** When its socket was lost, when it ended in search of another. */
  readonly awaySinceMs: number | undefined;
  close(): void;
}

export interface StayMedia {
  /** Resolves when the stay in the room broke; never rejects. */
  readonly lost: Promise<Loss>;
  close(): void;
}

export interface Loss {
  readonly cause: LossCause;
  readonly error: CallError;
}

/** The steps that a stay repeats, and whom it tells. */
export interface StaySteps<Session, Media> {
  openSession(): Promise<Session>;
  joinRoom(session: Session): Promise<Media>;
  joined(media: Media): void;
  lost(cause: LossCause): void;
}

export interface StayEnvironment {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Closing it ends the stay. */
  readonly scope: Scope;
}

/**
 * Joins, and joins again whatever breaks: on the same session when only the media was lost, on a new one when the socket
 * was. The first join is tried once, for the person is looking at it. The answer says why the stay ended; never rejects.
 */
export async function stay<Session extends StaySession, Media extends StayMedia>(
  steps: StaySteps<Session, Media>,
  { clock, random, scope }: StayEnvironment,
): Promise<LeftReason> {
  let session: Session | undefined;
  let media: Media | undefined;
  let lostAtMs: number | undefined;
  let failures = 0;
  scope.add(() => {
    media?.close();
    session?.close();
  });
  try {
    while (!scope.closed) {
      try {
        if (!session || session.closed) session = await steps.openSession();
        if (scope.closed) break;
        media = await steps.joinRoom(session);
        if (scope.closed) break;
        const joinedAtMs = clock.nowMs();
        steps.joined(media);
        const { cause, error } = await media.lost;
        if (scope.closed) break;
        if (!error.retryable) return refused(error);
        const brokeAtMs = session.awaySinceMs ?? clock.nowMs(); // looking for another socket is part of the trouble
        const held = brokeAtMs - joinedAtMs >= STABLE_MS;
        failures = held ? 0 : failures + 1;
        if (held || lostAtMs === undefined) lostAtMs = brokeAtMs; // else the same trouble goes on
        steps.lost(cause);
        media.close(); // who shows its pictures has let go: they stand still, and are not black
      } catch (error) {
        if (scope.closed) break;
        const refusal = CallError.from(error);
        if (lostAtMs === undefined || !refusal.retryable) return refused(refusal);
        failures += 1;
      }
      if (clock.nowMs() - (lostAtMs ?? 0) > RETRY_LIMIT_MS) return { kind: 'unreachable' };
      await pause(clock, retryDelayMs(failures, random()), scope);
    }
  } finally {
    media?.close();
    session?.close(); // also one that stands and was refused a place: it would go on telling
  }
  return { kind: 'asked' };
}

/** Resolves after `delayMs`, or when the scope closes. */
function pause(clock: Clock, delayMs: number, scope: Scope): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(delayMs, resolve);
    scope.add(() => {
      cancel();
      resolve();
    });
  });
}
