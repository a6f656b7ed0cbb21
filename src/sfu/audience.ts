import type { Clock } from '../base/index.ts';
import { layerWanted, lessWantedAtMs, nextWatched, type WatchedUntil, watchedAtFirst } from './view/watched.ts';

export interface AudienceOptions {
  readonly spatialLayers: number;
  readonly clock: Clock;
  /** Told the highest layer that is worth sending when that has changed; `undefined`: none is. At first all are. */
  readonly wanted: (layer: number | undefined) => void;
}

/** Who watches one video, on whatever worker: how many in each of its spatial layers, and so what its sender need not send. */
export class Audience {
  readonly #options: AudienceOptions;
  /** By layer. */
  readonly #viewers: number[];
  #watched: WatchedUntil;
  #told: number | undefined;
  #cancel: () => void = () => undefined;
  #closed = false;

  constructor(options: AudienceOptions) {
    const { spatialLayers, clock } = options;
    this.#options = options;
    this.#viewers = Array.from({ length: spatialLayers }, () => 0);
    this.#watched = watchedAtFirst(spatialLayers, clock.nowMs());
    this.#told = spatialLayers - 1;
    this.#tell();
  }

  /** One viewer goes from a layer to another; `undefined`: watches none. */
  move(from: number | undefined, to: number | undefined): void {
    if (from === to || this.#closed) return;
    this.#count(from, -1);
    this.#count(to, 1);
    const highest = this.#viewers.findLastIndex((count) => count > 0);
    this.#watched = nextWatched(this.#watched, highest < 0 ? undefined : highest, this.#options.clock.nowMs());
    this.#tell();
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #count(layer: number | undefined, by: number): void {
    if (layer !== undefined) this.#viewers[layer] = (this.#viewers[layer] ?? 0) + by;
  }

  #tell(): void {
    const { clock, wanted } = this.#options;
    const nowMs = clock.nowMs();
    const layer = layerWanted(this.#watched, nowMs);
    this.#cancel();
    const lessAtMs = lessWantedAtMs(this.#watched, nowMs);
    if (lessAtMs !== undefined) this.#cancel = clock.after(lessAtMs - nowMs, () => this.#tell());
    if (layer === this.#told) return;
    this.#told = layer;
    wanted(layer);
  }
}
