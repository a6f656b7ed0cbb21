import type { Log, Scope } from '../base/index.ts';
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
  const { scope, log } = options;
  const visited = [target.url];
  for (let { url } = target; ; ) {
    const reason = await stayAt({ ...target, url }, options);
    const isFull = reason.kind === 'refused' && reason.code === 'server-full'; // only the first join ends so: later ones try again
    const next = isFull ? nextHop(visited, reason.nextServer) : undefined;
    if (next === undefined || scope.closed) return reason;
    log.info('server was full', { count: visited.length });
    visited.push(next);
    url = next;
  }
}

function stayAt(target: SessionTarget, options: CallStayOptions): Promise<LeftReason> {
  const { entered, lost } = options;
  return stay<Session, Media>(
    {
      openSession: () => openSession(target, { ...options, whenOnline: options.watchNetwork }),
      joinRoom: (session) => joinRoom(session, { ...options, roomId: session.roomId }),
      joined: entered,
      lost,
    },
    options,
  );
}
