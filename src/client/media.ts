import { CallError, type Log, type RoomId } from '../base/index.ts';
import type { SentView as View } from '../wire/index.ts';
import { type Downlink, openDownlink } from './downlink.ts';
import type { E2ee } from './e2ee/e2ee.ts';
import { carry, toTransportOptions } from './path.ts';
import { Pending } from './pending.ts';
import type { Session } from './session.ts';
import type { ValueOf } from './signaling-link.ts';
import type { Loss } from './stay.ts';
import { openUplink, type Uplink } from './uplink.ts';

/** What getStats() of the two peer connections says. */
export interface CallStats {
  readonly send: RTCStatsReport;
  readonly recv: RTCStatsReport;
}

/** One join: the two paths that the server gave, until one of them, the worker or the socket breaks. */
export interface Media {
  readonly joined: ValueOf<'joined'>;
  readonly session: Session;
  /** A listener has none. */
  readonly uplink: Uplink | undefined;
  readonly downlink: Downlink;
  readonly lost: Promise<Loss>;
  /** Says what the screen shows. */
  show(view: View): void;
  /** The worker died, as the server says. */
  mediaLost(): void;
  stats(): Promise<CallStats>;
  /** Nothing leaves this device any more over this join. */
  stopSending(): void;
  close(): void;
}

export interface MediaOptions {
  readonly roomId: RoomId;
  readonly e2ee: E2ee;
  readonly log: Log;
}

/** Asks to join and sets up both paths. Throws CallError as the server refuses it. */
export async function joinRoom(session: Session, { roomId, e2ee, log }: MediaOptions): Promise<Media> {
  const { socket, device } = session;
  const rtpCapabilities = device.recvRtpCapabilities;
  const joined = await socket.request({ case: 'join', value: { roomId, rtpCapabilities } }, 'joined');
  // No waiting from here on: each WebSocket message is a task of its own, so the facts after the answer find all in place.
  const lost = new Pending<Loss>();
  const mediaLost = () =>
    lost.resolve({ cause: 'media', error: new CallError('media-lost', 'the media path is gone') });
  void socket.ended.then((error) => lost.resolve({ cause: 'socket', error }));
  const send = joined.sendTransport && device.createSendTransport(toTransportOptions(joined.sendTransport));
  const recv = device.createRecvTransport(toTransportOptions(joined.recvTransport));
  const broke = () => {
    socket.request({ case: 'leave', value: {} }, 'done').then(mediaLost, () => undefined); // else the socket's end says it
  };
  if (send) carry(send, { direction: 'send', socket, log, broke });
  carry(recv, { direction: 'recv', socket, log, broke });
  return {
    joined,
    session,
    uplink: send && openUplink(send, session, e2ee),
    downlink: openDownlink(recv, socket, e2ee),
    lost: lost.promise,
    show: (view) => socket.intend({ case: 'view', value: view }),
    mediaLost,
    stats: async () => ({ send: (await send?.getStats()) ?? new Map(), recv: await recv.getStats() }),
    stopSending: () => send?.close(),
    close() {
      send?.close();
      recv.close();
    },
  };
}
