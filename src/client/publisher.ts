import { CallError, type Clock, type Log, Mailbox } from '../base/index.ts';
import type { Source } from '../wire/index.ts';
import { captureScreen, type MediaDevicesLike } from './capture.ts';
import { CapturedTrack } from './captured-track.ts';
import { type ChosenDevices, type ChosenSource, captureChosen, captureDefault } from './chosen-capture.ts';
import { type DeviceError, type DeviceProblem, deviceProblem } from './device-error.ts';
import type { DeviceList } from './device-list.ts';
import type { LocalTrack } from './local-track.ts';
import { retryDelayMs } from './retry.ts';
import type { TrackProcessor } from './track-processor.ts';
import type { Outgoing, Uplink } from './uplink.ts';

export interface PublisherOptions {
  /** `undefined` where the browser has none: a page that is not served over https. */
  readonly mediaDevices: MediaDevicesLike | undefined;
  /** Says which to capture from. */
  readonly devices: ChosenDevices & Pick<DeviceList, 'read'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly localTrackChanged: (source: Source) => void;
  readonly deviceFailed: (error: DeviceError) => void;
}

/** Where captures go; `forbidden` for who may publish nothing: a listener. */
export type Outlet = Pick<Uplink, 'produce'> | 'forbidden' | undefined;

interface Slot {
  readonly source: Source;
  captured: CapturedTrack;
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
  readonly #processors = new Map<Source, TrackProcessor>();
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
      else if (on) await this.#startChosen('microphone');
      return on && this.#slots.has('microphone');
    });
  }

  /** Off lets the device go, so that its light goes out. The answer says whether it is on now. */
  setCamera(on: boolean): Promise<boolean> {
    return this.#switches.camera.run(async () => {
      if (!on) this.#stop('camera');
      else if (!this.#slots.has('camera')) await this.#startChosen('camera');
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

  /**
   * Captures from the device that is chosen now, and sends that in place of what it captured before: muted when that was. Nothing is
   * to be done while it is off.
   */
  reopen(source: ChosenSource): Promise<void> {
    return this.#switches[source].run(async () => {
      const slot = this.#slots.get(source);
      slot?.captured.stop(); // first: phones open one camera at a time, and some browsers one microphone
      if (slot) await this.#recapture(slot, (media) => captureChosen(source, media, this.#options.devices));
    });
  }

  /**
   * What `source` captures goes through `processor` from now on. The answer says whether it does, or would if it were on. A microphone is
   * sent as it is where the processor fails; a camera is not, and stops: nobody wants to be seen so.
   */
  setProcessor(source: ChosenSource, processor: TrackProcessor | undefined): Promise<boolean> {
    return this.#switches[source].run(async () => {
      if (processor) this.#processors.set(source, processor);
      else this.#processors.delete(source);
      const slot = this.#slots.get(source);
      if (!slot) return true;
      const { captured, mediaStreamTrack: before } = slot;
      try {
        const closeBefore = await this.#pass(captured, source);
        if (slot.mediaStreamTrack !== before) await this.#sendNow(slot);
        closeBefore();
      } catch {
        this.#withdraw(slot, 'failed');
      }
      return this.#slots.get(source) === slot && captured.isProcessed === (processor !== undefined);
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

  #startChosen(source: ChosenSource): Promise<void> {
    return this.#start(source, async (media) => [await captureChosen(source, media, this.#options.devices)]);
  }

  async #start(source: Source, capture: Capture): Promise<void> {
    const { mediaDevices } = this.#options;
    if (!mediaDevices) return this.#failed(source, 'insecure');
    if (this.#outlet === 'forbidden') return this.#failed(source, 'forbidden');
    try {
      const tracks = await capture(mediaDevices);
      const captures = await Promise.all(tracks.map((track) => this.#processed(track, source)));
      if (this.#closed || this.#forbids) {
        for (const captured of captures) captured.stop();
        if (!this.#closed) this.#failed(source, 'forbidden');
        return;
      }
      // All at once: a screen that is closed while its picture is being published takes its sound along.
      const slots = captures.map((captured) =>
        this.#open(source === 'screen' && captured.sent.kind === 'audio' ? 'screen-audio' : source, captured),
      );
      for (const slot of slots) this.#publish(slot);
      void this.#options.devices.read(); // labels came with the permission
    } catch (error) {
      this.#options.log.info('capture failed', { reason: source, error });
      this.#failed(source, deviceProblem(error));
    }
  }

  #open(source: Source, captured: CapturedTrack): Slot {
    const slot: Slot = {
      source,
      captured,
      get mediaStreamTrack() {
        return this.captured.sent;
      },
      muted: false,
      outgoing: undefined,
      failures: 0,
      stopRetry: () => undefined,
    };
    this.#slots.set(source, slot);
    this.#watchEnd(slot);
    this.#options.localTrackChanged(source);
    return slot;
  }

  #watchEnd(slot: Slot): void {
    const { source, captured } = slot;
    captured.onEnded(() => {
      if (this.#slots.get(source) !== slot || slot.captured !== captured) return;
      if (source === 'screen' || source === 'screen-audio') return this.#stopScreen(); // "Stop sharing" in the browser's bar
      if (this.#options.devices.chosen(source) === undefined) this.#withdraw(slot, 'lost');
      else void this.#fallBack(slot, source);
    });
  }

  /** The chosen device was unplugged: the browser's default goes on in its place, or nothing does. */
  #fallBack(slot: Slot, source: ChosenSource): Promise<void> {
    return this.#switches[source].run(async () => {
      if (!slot.captured.isOver) return; // another was chosen meanwhile
      await this.#recapture(slot, (media) => captureDefault(source, media, this.#options.devices), 'lost');
    });
  }

  /** `problem` is told when that fails; what the browser says of it, without. */
  async #recapture(
    slot: Slot,
    capture: (mediaDevices: MediaDevicesLike) => Promise<MediaStreamTrack>,
    problem?: DeviceProblem,
  ): Promise<void> {
    const { mediaDevices, log } = this.#options;
    if (!mediaDevices) return; // nothing was captured without
    try {
      await this.#replace(slot, await capture(mediaDevices));
    } catch (error) {
      log.info('capture failed', { reason: slot.source, error });
      this.#withdraw(slot, problem ?? deviceProblem(error));
    }
  }

  async #replace(slot: Slot, track: MediaStreamTrack): Promise<void> {
    const captured = await this.#processed(track, slot.source);
    if (this.#slots.get(slot.source) !== slot) return captured.stop(); // a capture takes as long as a person does
    const before = slot.captured;
    slot.captured = captured;
    captured.setMuted(slot);
    this.#watchEnd(slot);
    await this.#sendNow(slot);
    before.stop(); // and what was opened for it
  }

  async #processed(track: MediaStreamTrack, source: Source): Promise<CapturedTrack> {
    const captured = new CapturedTrack(track);
    await this.#pass(captured, source);
    return captured;
  }

  async #pass(captured: CapturedTrack, source: Source): Promise<() => void> {
    try {
      return await captured.pass(this.#processors.get(source));
    } catch (error) {
      this.#options.log.warn('processor failed', { reason: source, error });
      if (source === 'microphone') return await captured.pass(undefined);
      captured.stop();
      throw error;
    }
  }

  /** Another track than before. */
  async #sendNow(slot: Slot): Promise<void> {
    this.#options.localTrackChanged(slot.source);
    if (slot.outgoing) await this.#sendInstead(slot, slot.outgoing);
    else this.#publish(slot);
  }

  async #sendInstead({ source, mediaStreamTrack }: Slot, outgoing: Outgoing): Promise<void> {
    await outgoing.replaceTrack(mediaStreamTrack).catch((error: unknown) => {
      this.#options.log.warn('track not replaced', { reason: source, error }); // the path is gone: the next one sends it
    });
  }

  #withdraw(slot: Slot, problem: DeviceProblem): void {
    if (this.#slots.get(slot.source) !== slot) return;
    this.#stop(slot.source);
    this.#failed(slot.source, problem);
  }

  /** Begins when what is being published of the same device is done. */
  #publish(slot: Slot): void {
    void this.#publishing[slot.source === 'screen-audio' ? 'screen' : slot.source].run(() => this.#produce(slot));
  }

  async #produce(slot: Slot): Promise<void> {
    const uplink = this.#outlet;
    if (!uplink || uplink === 'forbidden' || slot.outgoing || this.#slots.get(slot.source) !== slot) return;
    const { muted, mediaStreamTrack } = slot;
    if (slot.captured.isOver) return; // another device is being opened, whose track is published then
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
      if (slot.mediaStreamTrack !== mediaStreamTrack) await this.#sendInstead(slot, outgoing);
    } catch (error) {
      if (this.#outlet !== uplink || this.#slots.get(slot.source) !== slot) return;
      if (slot.mediaStreamTrack !== mediaStreamTrack || slot.captured.isOver) return; // published anew
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
    slot.captured.setMuted({ muted }); // at once, whatever the server does
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
    slot.captured.stop();
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
