import type { types } from 'mediasoup';
import type { AudioMeter } from './audio-meter.ts';
import type { MediaWorker } from './media-worker.ts';

/** Where media of a room runs on one worker, as what runs there sees it. @throws CallError `unavailable` once it has closed */
export interface MediaHome {
  readonly worker: MediaWorker;
  readonly router: types.Router;
  readonly meter: AudioMeter;
}
