import { CallError, type Clock, type Log, type RoomId } from '../base/index.ts';
import type { CameraCodec } from './camera-codec.ts';
import type { Downlink } from './downlink.ts';
import type { E2ee } from './e2ee/e2ee.ts';
import { watchLine } from './line-watch.ts';
import { openPaths } from './paths.ts';
import { Pending } from './pending.ts';
import type { Session } from './session.ts';
import type { ValueOf } from './signaling-link.ts';
import type { Loss } from './stay.ts';
import type { Uplink } from './uplink.ts';
import type { View } from './view.ts';

/** What getStats() of the two peer connections says. */
export interface CallStats {
  readonly send: RTCStatsReport;
  readonly recv: RTCStatsReport;
}

/** One join: the two paths that the server gave, or gave in their place, until one of them, the worker or the socket breaks. */
export interface Media {
  readonly joined: ValueOf<'joined'>;
  readonly session: Session;
  /** A listener has none. */
  readonly uplink: Uplink | undefined;
  readonly downlink: Downlink;
  readonly lost: Promise<Loss>;
  /** Says what the screen shows. */
  show(view: View): void;
  /** This device begins to speak. */
  speaks(): void;
  /** The worker died, and another carries on over these paths. What is bound to the old ones has to let go before. */
  moved(paths: ValueOf<'mediaMoved'>): void;
  /** The worker died, as the server says. */
  mediaLost(): void;
  /** While held, no media leaves this device. */
  hold(state: { readonly held: boolean }): void;
  /** This device is on another network. */
  networkChanged(): void;
  stats(): Promise<CallStats>;
  /** Nothing leaves this device any more over this join. */
  stopSending(): void;
  close(): void;
}

export interface MediaOptions {
  readonly roomId: RoomId;
  readonly e2ee: E2ee;
  readonly clock: Clock;
  readonly log: Log;
  readonly cameraCodec: () => Promise<CameraCodec>;
}

/** Asks to join and sets up both paths. Throws CallError as the server refuses it. */
export async function joinRoom(session: Session, { roomId, ...options }: MediaOptions): Promise<Media> {
  const { link, device } = session;
  const rtpCapabilities = device.recvRtpCapabilities;
  const joined = await link.request({ case: 'join', value: { roomId, rtpCapabilities } }, 'joined');
  // No waiting from here on: each WebSocket message is a task of its own, so the facts after the answer find all in place.
  const lost = new Pending<Loss>();
  const mediaLost = () =>
    lost.resolve({ cause: 'media', error: new CallError('media-lost', 'the media path is gone') });
  void link.ended.then((error) => lost.resolve({ cause: 'socket', error }));
  const broke = () => {
    link.request({ case: 'leave', value: {} }, 'done').then(mediaLost, () => undefined); // else the socket's end says it
  };
  let sends = true;
  let held = false;
  let paths = openPaths(joined, session, { ...options, broke });
  const stopWatching = watchLine({
    clock: options.clock,
    receivedBytes: () => paths.receivedBytes(),
    link,
    lost: () => paths.networkChanged(),
  });
  return {
    joined,
    session,
    get uplink() {
      return paths.uplink;
    },
    get downlink() {
      return paths.downlink;
    },
    lost: lost.promise,
    show: (view) => link.intend({ case: 'view', value: view }),
    speaks: () => link.intend({ case: 'speaking', value: {} }),
    moved(next) {
      paths.close();
      paths = openPaths(next, session, { ...options, broke });
      paths.uplink?.hold({ held });
      if (!sends) paths.stopSending();
    },
    mediaLost,
    hold(state) {
      held = state.held;
      paths.uplink?.hold(state);
    },
    networkChanged: () => paths.networkChanged(),
    stats: () => paths.stats(),
    stopSending() {
      sends = false;
      paths.stopSending();
    },
    close() {
      stopWatching();
      paths.close();
    },
  };
}
