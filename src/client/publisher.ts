import { CallError, type Clock, type Log, Mailbox } from '../base/index.ts';
import type { Source } from '../wire/index.ts';
import { captureCamera, captureMicrophone, captureScreen, type MediaDevicesLike } from './capture.ts';
import { type DeviceError, type DeviceProblem, deviceProblem } from './device-error.ts';
import type { LocalTrack } from './local-track.ts';
import { retryDelayMs } from './retry.ts';
import type { Outgoing, Uplink } from './uplink.ts';

export interface PublisherOptions {
  /** `undefined` where the browser has none: a page that is not served over https. */
  readonly mediaDevices: MediaDevicesLike | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly localTrackChanged: (source: Source) => void;
  readonly deviceFailed: (error: DeviceError) => void;
}

/** Where captures go; `forbidden` for who may publish nothing: a listener. */
export type Outlet = Pick<Uplink, 'produce'> | 'forbidden' | undefined;

interface Slot {
  readonly source: Source;
  readonly mediaStreamTrack: MediaStreamTrack;
  muted: boolean;
  outgoing: Outgoing | undefined;
  /** In a row, over the present uplink. */
  failures: number;
  stopRetry: () => void;
}

type Capture = (devices: MediaDevicesLike) => Promise<readonly MediaStreamTrack[]>;

/**
 * Captures and publishes. A switch waits for its device and never for the server, which may be away: what is captured is published
 * when it can be. Captures live from the person's switch to the person's switch, before, through and between
 * joins; whatever is captured when an uplink comes is published over it.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #slots = new Map<Source, Slot>();
  /** A camera that waits for a permission must not hold up the mute button. */
  readonly #switches = { microphone: new Mailbox(), camera: new Mailbox(), screen: new Mailbox() };
  /** The server takes one of a source at a time. */
  readonly #publishing = { microphone: new Mailbox(), camera: new Mailbox(), screen: new Mailbox() };
  #outlet: Outlet;
  #closed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  track(source: Source): LocalTrack | undefined {
    return this.#slots.get(source);
  }

  /** Off mutes and keeps the device, so that speaking again is instant. The answer says whether it is on now. */
  setMicrophone(on: boolean): Promise<boolean> {
    return this.#switches.microphone.run(async () => {
      const slot = this.#slots.get('microphone');
      if (slot) this.#setMuted(slot, { muted: !on });
      else if (on) await this.#start('microphone', async (devices) => [await captureMicrophone(devices)]);
      return on && this.#slots.has('microphone');
    });
  }

  /** Off lets the device go, so that its light goes out. The answer says whether it is on now. */
  setCamera(on: boolean): Promise<boolean> {
    return this.#switches.camera.run(async () => {
      if (!on) this.#stop('camera');
      else if (!this.#slots.has('camera'))
        await this.#start('camera', async (devices) => [await captureCamera(devices)]);
      return this.#slots.has('camera');
    });
  }

  /** The answer says whether it is on now; a person who closes the picker has refused. */
  setScreenShare(on: boolean): Promise<boolean> {
    return this.#switches.screen.run(async () => {
      if (!on) this.#stopScreen();
      else if (!this.#slots.has('screen')) await this.#start('screen', captureScreen);
      return this.#slots.has('screen');
    });
  }

  /** From now on publishes there; what went over the last one is gone. Captures that are forbidden stop, and are told. */
  bind(outlet: Outlet): void {
    this.#outlet = outlet;
    for (const slot of [...this.#slots.values()]) {
      slot.outgoing = undefined;
      slot.failures = 0;
      slot.stopRetry();
      if (outlet === 'forbidden') this.#forbid(slot.source);
      else this.#publish(slot);
    }
  }

  /** Stops every capture. */
  close(): void {
    this.#closed = true;
    this.#outlet = undefined;
    for (const source of [...this.#slots.keys()]) this.#stop(source);
  }

  async #start(source: Source, capture: Capture): Promise<void> {
    const { mediaDevices } = this.#options;
    if (!mediaDevices) return this.#failed(source, 'insecure');
    if (this.#outlet === 'forbidden') return this.#failed(source, 'forbidden');
    try {
      const tracks = await capture(mediaDevices);
      if (this.#closed || this.#forbids) {
        for (const track of tracks) track.stop();
        if (!this.#closed) this.#failed(source, 'forbidden');
        return;
      }
      // All at once: a screen that is closed while its picture is being published takes its sound along.
      const slots = tracks.map((track) =>
        this.#open(source === 'screen' && track.kind === 'audio' ? 'screen-audio' : source, track),
      );
      for (const slot of slots) this.#publish(slot);
    } catch (error) {
      this.#options.log.info('capture failed', { reason: source, error });
      this.#failed(source, deviceProblem(error));
    }
  }

  #open(source: Source, mediaStreamTrack: MediaStreamTrack): Slot {
    const slot: Slot = {
      source,
      mediaStreamTrack,
      muted: false,
      outgoing: undefined,
      failures: 0,
      stopRetry: () => undefined,
    };
    this.#slots.set(source, slot);
    mediaStreamTrack.addEventListener('ended', () => {
      if (this.#slots.get(source) !== slot) return;
      if (source === 'screen' || source === 'screen-audio') return this.#stopScreen(); // "Stop sharing" in the browser's bar
      this.#stop(source);
      this.#failed(source, 'lost');
    });
    this.#options.localTrackChanged(source);
    return slot;
  }

  /** Begins when what is being published of the same device is done. */
  #publish(slot: Slot): void {
    void this.#publishing[slot.source === 'screen-audio' ? 'screen' : slot.source].run(() => this.#produce(slot));
  }

  async #produce(slot: Slot): Promise<void> {
    const uplink = this.#outlet;
    if (!uplink || uplink === 'forbidden' || slot.outgoing || this.#slots.get(slot.source) !== slot) return;
    const { muted } = slot;
    try {
      const outgoing = await uplink.produce(slot);
      if (this.#outlet !== uplink) return; // it went with its path
      if (this.#slots.get(slot.source) !== slot) {
        outgoing.close();
        return;
      }
      slot.outgoing = outgoing;
      slot.failures = 0;
      if (slot.muted !== muted) this.#tellMuted(slot);
    } catch (error) {
      if (this.#outlet !== uplink || this.#slots.get(slot.source) !== slot) return;
      this.#options.log.warn('not published', { reason: slot.source, error });
      if (CallError.from(error).retryable) this.#retry(slot);
      else this.#forbid(slot.source);
    }
  }

  /** The path may be as it was, and the server only have asked for patience; another path publishes the capture anyway. */
  #retry(slot: Slot): void {
    slot.failures += 1;
    slot.stopRetry = this.#options.clock.after(retryDelayMs(slot.failures, 1), () => this.#publish(slot));
  }

  #setMuted(slot: Slot, { muted }: { readonly muted: boolean }): void {
    if (slot.muted === muted) return;
    slot.muted = muted;
    slot.mediaStreamTrack.enabled = !muted; // silent at the source at once, whatever the server does
    this.#options.localTrackChanged(slot.source);
    this.#tellMuted(slot);
  }

  #tellMuted({ source, muted, outgoing }: Slot): void {
    outgoing
      ?.setMuted({ muted })
      .catch((error: unknown) => this.#options.log.warn('mute not told', { reason: source, error }));
  }

  #stopScreen(): void {
    this.#stop('screen-audio');
    this.#stop('screen');
  }

  #stop(source: Source): void {
    const slot = this.#slots.get(source);
    if (!slot) return;
    this.#slots.delete(source);
    slot.stopRetry();
    slot.mediaStreamTrack.stop();
    slot.outgoing?.close();
    this.#options.localTrackChanged(source);
  }

  #forbid(source: Source): void {
    this.#stop(source);
    this.#failed(source, 'forbidden');
  }

  get #forbids(): boolean {
    return this.#outlet === 'forbidden'; // a capture takes as long as a person does: it may have become so meanwhile
  }

  #failed(source: Source, problem: DeviceProblem): void {
    this.#options.deviceFailed({ source, problem });
  }
}
