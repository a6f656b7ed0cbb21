import { Device } from 'mediasoup-client';
import { type Clock, systemClock } from '../base/index.ts';
import type { MediaDevicesLike } from './capture.ts';
import { type E2ee, type E2eeOptions, openE2ee } from './e2ee/e2ee.ts';
import { type WatchHeight, watchHeight } from './element-size.ts';
import type { OpenWebSocket } from './signaling-socket.ts';

/** What a call takes from its surroundings: a browser's by default, stand-ins in tests. */
export interface CallParts {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly openWebSocket: OpenWebSocket;
  readonly createDevice: () => Device;
  readonly openE2ee: (options: E2eeOptions) => E2ee;
  readonly mediaDevices: MediaDevicesLike | undefined;
  readonly watchHeight: WatchHeight;
  /** Runs the action whenever the device says that it has a network again; the answer stops that. */
  readonly whenOnline: (action: () => void) => () => void;
}

export function browserParts(): CallParts {
  return {
    clock: systemClock,
    random: Math.random,
    openWebSocket: (url, subprotocol) => new WebSocket(url, subprotocol),
    createDevice: () => new Device(),
    openE2ee,
    mediaDevices: (navigator as Partial<Navigator>).mediaDevices, // absent on pages without https
    watchHeight,
    whenOnline(action) {
      addEventListener('online', action);
      return () => removeEventListener('online', action);
    },
  };
}
