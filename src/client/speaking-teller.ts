import { type Clock, every, type Log } from '../base/index.ts';
import { SILENT, type Voice, voiceAfter } from './onset.ts';
import type { OpenSoundLevel, SoundLevel } from './sound-level.ts';

/** Two loud looks are 100 ms: with the way to the server and back, and the first key frame of none, well within 300 ms. */
const LOOK_EVERY_MS = 50;

export interface SpeakingTellerOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly openSoundLevel: OpenSoundLevel;
}

/**
 * Tells the server when somebody begins to speak here: while there is a microphone that is not muted and a server to tell. In every
 * call, for how many are heard for certain is the server's to know, and what it costs is a look every 50 ms and a word per turn.
 */
export class SpeakingTeller {
  readonly #options: SpeakingTellerOptions;
  #tell: (() => void) | undefined;
  #microphone: MediaStreamTrack | undefined;
  #stop: () => void = () => undefined;

  constructor(options: SpeakingTellerOptions) {
    this.#options = options;
  }

  /** From now on tells this server. `undefined` while there is none. */
  bind(tell: (() => void) | undefined): void {
    this.#tell = tell;
    this.#watch();
  }

  /** What is captured now; `undefined` while muted. */
  listenTo(microphone: MediaStreamTrack | undefined): void {
    if (microphone === this.#microphone) return;
    this.#microphone = microphone;
    this.#watch();
  }

  close(): void {
    this.#tell = undefined;
    this.#watch();
  }

  #watch(): void {
    this.#stop();
    this.#stop = () => undefined;
    const level = this.#tell && this.#microphone && this.#open(this.#microphone);
    if (!level) return;
    const { clock } = this.#options;
    let voice: Voice = SILENT;
    const stopLooking = every(clock, LOOK_EVERY_MS, () => {
      const next = voiceAfter(voice, level.dbov, clock.nowMs());
      if (next.claimedAtMs !== voice.claimedAtMs) this.#tell?.();
      voice = next;
    });
    this.#stop = () => {
      stopLooking();
      level.close();
    };
  }

  #open(microphone: MediaStreamTrack): SoundLevel | undefined {
    try {
      return this.#options.openSoundLevel(microphone);
    } catch (error) {
      this.#options.log.info('microphone not watched', { error }); // the server hears it all the same, a moment later
      return undefined;
    }
  }
}
