import { Device } from 'mediasoup-client';
import { type Clock, type Log, systemClock } from '../base/index.ts';
import { readVp9Ability, type Vp9Ability } from './camera-codec.ts';
import type { MediaDevicesLike } from './capture.ts';
import type { DeviceLister } from './device-list.ts';
import { type E2ee, type E2eeOptions, openE2ee } from './e2ee/e2ee.ts';
import { type WatchPlace, watchPlace } from './element-place.ts';
import { type WatchNetwork, watchNetwork } from './network-watch.ts';
import type { OpenWebSocket } from './signaling-socket.ts';
import { type OpenSoundLevel, openSoundLevel } from './sound-level.ts';
import type { ProcessedTrack } from './track-processor.ts';

/** What a call takes from its surroundings: a browser's by default, stand-ins in tests. */
export interface CallParts {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly openWebSocket: OpenWebSocket;
  readonly createDevice: () => Device;
  readonly openE2ee: (options: E2eeOptions) => E2ee;
  readonly mediaDevices: (MediaDevicesLike & DeviceLister) | undefined;
  readonly watchPlace: WatchPlace;
  readonly watchNetwork: WatchNetwork;
  readonly openSoundLevel: OpenSoundLevel;
  readonly vp9Ability: () => Promise<Vp9Ability>;
  /** A TrackProcessor for microphones. */
  readonly suppressNoise: (captured: MediaStreamTrack, log: Log) => Promise<ProcessedTrack>;
}

export function browserParts(): CallParts {
  return {
    clock: systemClock,
    random: Math.random,
    openWebSocket: (url, subprotocol) => new WebSocket(url, subprotocol),
    createDevice: () => new Device(),
    openE2ee,
    mediaDevices: (navigator as Partial<Navigator>).mediaDevices, // absent on pages without https
    watchPlace,
    watchNetwork,
    openSoundLevel,
    vp9Ability: () => readVp9Ability((navigator as Partial<Navigator>).mediaCapabilities),
    // Loaded when it is wanted: most who embed a call do not pay for it.
    suppressNoise: async (captured, log) => (await import('./noise-suppressor.ts')).suppressNoise(captured, log),
  };
}
