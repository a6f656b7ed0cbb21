import { CallError, type CallErrorCode } from '../../src/base/index.ts';
import type { MediaDevicesLike } from '../../src/client/capture.ts';
import type { ChosenDevices } from '../../src/client/chosen-capture.ts';
import type { DeviceKind } from '../../src/client/devices.ts';
import type { LocalTrack } from '../../src/client/local-track.ts';
import type { Outgoing, Uplink } from '../../src/client/uplink.ts';
import type { MediaKind } from '../../src/wire/index.ts';

/** What a device gives. */
export class FakeTrack extends EventTarget {
  enabled = true;
  stopped = false;
  contentHint = '';
  readyState = 'live';
  constructor(
    readonly kind: MediaKind,
    /** That was asked for. */
    readonly deviceId: string | undefined,
  ) {
    super();
  }
  stop(): void {
    this.stopped = true;
    this.readyState = 'ended';
  }
  /** Unplugged, or "Stop sharing" in the browser's bar. */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

const streamOf = (...tracks: readonly FakeTrack[]) =>
  ({
    getTracks: () => tracks,
    getVideoTracks: () => tracks.filter(({ kind }) => kind === 'video'),
  }) as unknown as MediaStream;

/** Gives a new track every time, or fails as told. */
export class FakeDevices implements MediaDevicesLike {
  readonly tracks: FakeTrack[] = [];
  readonly asked: (MediaStreamConstraints | undefined)[] = [];
  readonly failures: Error[] = [];
  readonly unplugged = new Set<string>();
  screenSound = false;
  permission: Promise<void> = Promise.resolve();

  async getUserMedia(constraints?: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    await this.permission;
    const { audio, video } = constraints ?? {};
    const asked = [audio, video].find((each) => typeof each === 'object')?.deviceId as
      | { readonly exact: string }
      | undefined;
    if (asked && this.unplugged.has(asked.exact)) throw new DOMException('', 'OverconstrainedError');
    return this.#give([video ? 'video' : 'audio'], asked?.exact);
  }
  async getDisplayMedia(): Promise<MediaStream> {
    return this.#give(this.screenSound ? ['video', 'audio'] : ['video']);
  }
  #give(kinds: readonly MediaKind[], deviceId?: string): MediaStream {
    const failure = this.failures.shift();
    if (failure) throw failure;
    const tracks = kinds.map((kind) => new FakeTrack(kind, deviceId));
    this.tracks.push(...tracks);
    return streamOf(...tracks);
  }
}

/** A way to the server that says what goes over it: `+camera`, `-camera`, `microphone muted`. */
export class FakeUplink implements Pick<Uplink, 'produce'> {
  readonly said: string[] = [];
  /** Produce waits for this. */
  answer: Promise<void> = Promise.resolve();
  /** So does a change of mute, once it is said. */
  muteAnswer: Promise<void> = Promise.resolve();

  async produce({ source, muted }: LocalTrack): Promise<Outgoing> {
    await this.answer;
    this.said.push(`+${source}${muted ? ' muted' : ''}`);
    return {
      replaceTrack: async (track) => {
        this.said.push(`${source} from ${(track as unknown as FakeTrack).deviceId ?? 'default'}`);
      },
      setMuted: async ({ muted: now }) => {
        this.said.push(`${source} ${now ? 'muted' : 'unmuted'}`);
        await this.muteAnswer;
      },
      close: () => {
        this.said.push(`-${source}`);
      },
    };
  }
  refuse(code: CallErrorCode): void {
    this.answer = Promise.reject(new CallError(code, 'no'));
    this.answer.catch(() => undefined);
  }
}

/** Which devices are chosen, and which were given up. */
export class FakeChoice implements ChosenDevices {
  readonly chosenIds = new Map<DeviceKind, string>();
  readonly fallen: DeviceKind[] = [];
  reads = 0;

  chosen(kind: DeviceKind): string | undefined {
    return this.chosenIds.get(kind);
  }
  fellBack(kind: DeviceKind): void {
    this.chosenIds.delete(kind);
    this.fallen.push(kind);
  }
  async read(): Promise<void> {
    this.reads += 1;
  }
}
