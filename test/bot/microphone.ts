import { clip } from './clip.ts';
import type { MediaSource, SendFrame } from './media-source.ts';
import { paced } from './pace.ts';

/** A voice at a normal distance. */
const SPEECH_DBOV = -25;

/** The least that the header extension can say (RFC 6464). */
const SILENCE_DBOV = -127;

/** In silence an Opus encoder with DTX sends one frame of comfort noise in so many. */
const DTX_FRAMES = 20;

/** A TOC byte for a wide-band frame of 20 ms without any sound in it (RFC 6716, section 3.1). */
const COMFORT_NOISE = Uint8Array.of(0x48);

/** A microphone that plays a recorded tone as loud as it is told, or is silent as Opus with DTX is. */
export class Microphone implements MediaSource {
  readonly codec = 'opus';
  readonly layers = 1;
  /** In dBov, 0 the loudest; `undefined` is silence. The sound is the same: what the server measures is what the sender says. */
  levelDbov: number | undefined;
  #index = 0;

  constructor({ levelDbov = SPEECH_DBOV }: { readonly levelDbov?: number | undefined } = {}) {
    this.levelDbov = levelDbov;
  }

  /** From now on there is no sound. */
  silence(): void {
    this.levelDbov = undefined;
  }

  start(send: SendFrame): () => void {
    const { frames, frameMs } = clip('microphone');
    return paced(frameMs, (capturedMs) => {
      this.#index += 1;
      const level = this.levelDbov ?? SILENCE_DBOV;
      const isSilent = this.levelDbov === undefined;
      if (isSilent && this.#index % DTX_FRAMES !== 0) return;
      const frame = isSilent ? COMFORT_NOISE : (frames[this.#index % frames.length] ?? COMFORT_NOISE);
      send(0, frame, { capturedMs, levelBelowDbov: -level });
    });
  }

  keyFrameWanted(): void {
    // Sound has none.
  }

  layersWanted(): void {
    // Sound has one layer.
  }
}
