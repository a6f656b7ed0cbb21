import type { Log } from '../base/index.ts';
import type { Source } from '../wire/index.ts';
import { AudioOutput } from './audio-output.ts';
import type { TellCall } from './call-events.ts';
import type { CallParts } from './call-parts.ts';
import { DeviceList } from './device-list.ts';
import type { DeviceKind, Devices } from './devices.ts';
import { Publisher } from './publisher.ts';

export interface CallDevicesOptions extends Pick<CallParts, 'mediaDevices' | 'clock'> {
  readonly log: Log;
  readonly tell: TellCall;
  /** What is captured from there came, went, was muted or not; before the page is told. */
  readonly captured: (source: Source) => void;
}

/** The devices of this machine in one call: what there is, what they capture, and what plays there. */
export class CallDevices {
  readonly publisher: Publisher;
  readonly audio: AudioOutput;
  readonly #list: DeviceList;

  constructor({ mediaDevices, clock, log, tell, captured }: CallDevicesOptions) {
    this.#list = new DeviceList({
      mediaDevices,
      log,
      changed: (devices) => tell('devicesChanged', devices),
      replaced: (kind) => {
        if (kind === 'speaker') void this.audio.useSpeaker(undefined);
        tell('deviceReplaced', kind);
      },
    });
    this.audio = new AudioOutput({
      blocked: () => tell('autoplayBlocked'),
      speakerGone: () => this.#list.fellBack('speaker'),
      log,
    });
    this.publisher = new Publisher({
      mediaDevices,
      devices: this.#list,
      clock,
      log,
      localTrackChanged: (source) => {
        captured(source);
        tell('localTrackChanged', source);
      },
      deviceFailed: (error) => tell('deviceError', error),
    });
  }

  get current(): Devices {
    return this.#list.current;
  }

  /** The answer says whether it is still the choice when what runs has gone over to it. */
  async use(kind: DeviceKind, deviceId: string | undefined): Promise<boolean> {
    if (deviceId !== this.#list.chosen(kind)) {
      this.#list.choose(kind, deviceId);
      await (kind === 'speaker' ? this.audio.useSpeaker(deviceId) : this.publisher.reopen(kind));
    }
    return this.#list.chosen(kind) === deviceId;
  }

  /** Every device is let go. */
  close(): void {
    this.publisher.close();
    this.#list.close();
  }
}
