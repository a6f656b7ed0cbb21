import { clip } from './clip.ts';
import type { MediaSource, SendFrame } from './media-source.ts';
import { paced } from './pace.ts';

/** As the SDK's cameras: names of clips, and bits a second that each layer is filled up to. */
const LAYERS = [
  { name: 'camera-180', bitrateBps: 150_000 },
  { name: 'camera-360', bitrateBps: 500_000 },
  { name: 'camera-720', bitrateBps: 1_500_000 },
] as const;

/**
 * A camera that plays a recorded clip in a loop: real VP8, which browsers show. Frames are filled with zeros behind their end, where
 * no decoder looks, up to the rate that a real camera has.
 */
export class Camera implements MediaSource {
  readonly codec = 'vp8';
  readonly layers: number;
  readonly #next: number[];
  #highest: number | undefined;

  /** `layers`: so many of the lowest. */
  constructor({ layers = LAYERS.length }: { readonly layers?: number } = {}) {
    this.layers = Math.min(layers, LAYERS.length);
    this.#next = LAYERS.map(() => 0);
    this.#highest = this.layers - 1;
  }

  start(send: SendFrame): () => void {
    this.#next.fill(0);
    return paced(clip(LAYERS[0].name).frameMs, (capturedMs) => {
      for (let layer = 0; layer <= (this.#highest ?? -1); layer += 1) send(layer, this.#frame(layer), { capturedMs });
    });
  }

  keyFrameWanted(layer: number): void {
    this.#next[layer] = 0;
  }

  layersWanted(highest: number | undefined): void {
    const before = this.#highest ?? -1;
    this.#highest = highest === undefined ? undefined : Math.min(highest, this.layers - 1);
    for (let layer = before + 1; layer < this.layers; layer += 1) this.keyFrameWanted(layer); // a layer begins with one
  }

  #frame(layer: number): Uint8Array {
    const { name, bitrateBps } = LAYERS[layer] ?? LAYERS[0];
    const { frames, frameMs } = clip(name);
    const index = this.#next[layer] ?? 0;
    this.#next[layer] = (index + 1) % frames.length;
    const frame = frames[index] ?? new Uint8Array();
    const filled = new Uint8Array(Math.max(frame.length, Math.floor((bitrateBps * frameMs) / 8_000)));
    filled.set(frame);
    return filled;
  }
}
