import { CallError, type Log, type Scope } from '../base/index.ts';
import type { ServerMessage } from '../wire/index.ts';
import type { CallParts } from './call-parts.ts';
import type { LeftReason, LossCause } from './call-state.ts';
import type { CameraCodec } from './camera-codec.ts';
import type { E2ee } from './e2ee/e2ee.ts';
import { joinRoom, type Media } from './media.ts';
import { nextHop } from './server-hops.ts';
import { openSession, type Session, type SessionTarget } from './session.ts';
import { stay } from './stay.ts';

export interface CallStayOptions
  extends Pick<CallParts, 'clock' | 'random' | 'openWebSocket' | 'createDevice' | 'watchNetwork'> {
  readonly e2ee: E2ee;
  readonly cameraCodec: () => Promise<CameraCodec>;
  readonly log: Log;
  /** Closing it ends the stay. */
  readonly scope: Scope;
  readonly told: (fact: ServerMessage) => void;
  readonly dropped: () => void;
  readonly resumed: () => void;
  readonly entered: (media: Media) => void;
  readonly lost: (cause: LossCause) => void;
}

/** Stays at the first server that has room: each that is full may name the next. The answer says why the stay ended. */
export async function stayInCall(target: SessionTarget, options: CallStayOptions): Promise<LeftReason> {
  const visited = [target.url];
  for (let { url } = target; ; ) {
    const { reason, nextServer } = await stayAt({ ...target, url }, options);
    const next = nextHop(visited, nextServer);
    if (next === undefined || options.scope.closed) return reason;
    options.log.info('server was full', { count: visited.length });
    visited.push(next);
    url = next;
  }
}

async function stayAt(target: SessionTarget, options: CallStayOptions) {
  const { clock, random, scope, entered, lost } = options;
  let hasJoined = false;
  let nextServer: string | undefined;
  /** Who has joined stays: the others of the call are here. */
  const noting = (error: unknown): never => {
    if (!hasJoined) nextServer = CallError.from(error).nextServer;
    throw error;
  };
  const reason = await stay<Session, Media>(
    {
      openSession: () => openSession(target, { ...options, whenOnline: options.watchNetwork }).catch(noting),
      joinRoom: (session) => joinRoom(session, { ...options, roomId: session.roomId }).catch(noting),
      joined(media) {
        hasJoined = true;
        entered(media);
      },
      lost,
    },
    { clock, random, scope },
  );
  return { reason, nextServer };
}
