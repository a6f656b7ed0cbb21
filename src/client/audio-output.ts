import type { Log, UserId } from '../base/index.ts';

export interface AudioOutputOptions {
  /** The browser holds a sound back. */
  readonly blocked: () => void;
  /** Nothing can be played on the speaker that was chosen: use another. */
  readonly speakerGone: () => void;
  readonly log: Log;
}

/** An element that can be told where to play (W3C audio-output). Not every browser has these. */
type Routed = HTMLAudioElement & Partial<Pick<HTMLAudioElement, 'setSinkId'>>;

/** Plays what is heard in a call. One element per track: browsers cancel echo of what elements play. */
export class AudioOutput {
  readonly #elements = new Map<Routed, UserId | undefined>();
  /** Of people, so that they outlive tracks and joins. */
  readonly #volumes = new Map<UserId, number>();
  #speaker: string | undefined;
  readonly #blocked: () => void;
  readonly #speakerGone: () => void;
  readonly #log: Log;

  constructor({ blocked, speakerGone, log }: AudioOutputOptions) {
    this.#blocked = blocked;
    this.#speakerGone = speakerGone;
    this.#log = log;
  }

  /** Plays it at that person's volume. The answer stops it. */
  play(track: MediaStreamTrack, of?: UserId): () => void {
    const element: Routed = new Audio();
    element.srcObject = new MediaStream([track]);
    element.volume = this.volumeOf(of);
    this.#elements.set(element, of);
    if (this.#speaker !== undefined) void this.#route(element, this.#speaker);
    void this.#start(element);
    return () => {
      this.#elements.delete(element);
      element.srcObject = null;
    };
  }

  /** Starts what the browser held back. Call it from a click. */
  async resume(): Promise<void> {
    await Promise.all([...this.#elements.keys()].filter(({ paused }) => paused).map((element) => this.#start(element)));
  }

  /** 0 is silence, 1 as loud as it came. */
  volumeOf(person: UserId | undefined): number {
    return (person === undefined ? undefined : this.#volumes.get(person)) ?? 1;
  }

  /** Of all that is played of this person, now and later. Beyond 0 and 1 the nearer of them is taken. */
  setVolume(person: UserId, volume: number): void {
    if (Number.isNaN(volume)) return;
    this.#volumes.set(person, Math.min(1, Math.max(0, volume)));
    for (const [element, of] of this.#elements) if (of === person) element.volume = this.volumeOf(person);
  }

  /** Plays there from now on; `undefined` is the browser's default. */
  async useSpeaker(deviceId: string | undefined): Promise<void> {
    this.#speaker = deviceId;
    await Promise.all([...this.#elements.keys()].map((element) => this.#route(element, deviceId)));
  }

  async #route(element: Routed, deviceId: string | undefined): Promise<void> {
    try {
      await element.setSinkId?.(deviceId ?? '');
    } catch (error) {
      if (!this.#elements.has(element) || this.#speaker !== deviceId) return; // stopped, or sent elsewhere meanwhile
      this.#log.info('speaker not used', { error });
      if (deviceId !== undefined) this.#speakerGone();
    }
  }

  async #start(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
    } catch (error) {
      if (!this.#elements.has(element)) return; // stopped before it started
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#blocked();
      else this.#log.warn('audio did not start', { error });
    }
  }
}
