import { type Log, Mailbox } from '../base/index.ts';
import { choosing, type DeviceKind, type Devices, devicesOf, hasLostSpeaker, NO_DEVICES } from './devices.ts';

/** What is used of `navigator.mediaDevices` to know what there is. */
export type DeviceLister = Pick<MediaDevices, 'enumerateDevices' | 'addEventListener' | 'removeEventListener'>;

export interface DeviceListOptions {
  /** `undefined` where the browser has none: a page that is not served over https. */
  readonly mediaDevices: DeviceLister | undefined;
  readonly log: Log;
  readonly changed: (devices: Devices) => void;
  /** The chosen one went away, and the browser's default serves in its place. */
  readonly replaced: (kind: DeviceKind) => void;
}

/** Knows what devices there are, as they are plugged in and out, and which were chosen. */
export class DeviceList {
  readonly #options: DeviceListOptions;
  readonly #reads = new Mailbox();
  readonly #plugged = () => void this.read();
  #current: Devices = NO_DEVICES;
  #closed = false;

  constructor(options: DeviceListOptions) {
    this.#options = options;
    options.mediaDevices?.addEventListener('devicechange', this.#plugged);
    void this.read();
  }

  get current(): Devices {
    return this.#current;
  }

  chosen(kind: DeviceKind): string | undefined {
    return this.#current.chosen[kind];
  }

  /** `undefined`: the browser's default again. Whoever captures or plays has to be told apart. */
  choose(kind: DeviceKind, deviceId: string | undefined): void {
    if (deviceId !== this.chosen(kind))
      this.#become({ ...this.#current, chosen: choosing(this.#current.chosen, kind, deviceId) });
  }

  /** The chosen one is not to be had: the default serves now. */
  fellBack(kind: DeviceKind): void {
    this.choose(kind, undefined);
    this.#options.replaced(kind);
  }

  /** Asks the browser anew: labels come with the first permission, of which no browser tells. */
  async read(): Promise<void> {
    const { mediaDevices, log } = this.#options;
    await this.#reads.run(async () => {
      try {
        const listed = await mediaDevices?.enumerateDevices();
        if (listed) this.#become(devicesOf(listed, this.#current.chosen));
      } catch (error) {
        log.info('devices not listed', { error }); // the page's policy may forbid it
      }
    });
  }

  close(): void {
    this.#closed = true;
    this.#options.mediaDevices?.removeEventListener('devicechange', this.#plugged);
  }

  #become(devices: Devices): void {
    const before = this.#current;
    if (this.#closed || JSON.stringify(before) === JSON.stringify(devices)) return;
    this.#current = devices;
    this.#options.changed(devices);
    if (hasLostSpeaker(before, devices)) this.fellBack('speaker');
  }
}
