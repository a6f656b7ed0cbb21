import type { PeerId } from '../../base/index.ts';
import { kindOf, type Source } from '../source.ts';
import { spatialLayerFor } from './layers.ts';
import { layerStepsOf } from './priority.ts';

/** Everything that a client shows and hears. */
export interface View {
  readonly tiles: readonly Tile[];
  readonly hears: boolean;
  /** What may be on the screen in a moment, the nearest first; none when absent. No tile is one. */
  readonly neighbours?: readonly Neighbour[];
}

/** A video that is not on the screen. */
export interface Neighbour {
  readonly peerId: PeerId;
  readonly source: Source;
}

/** One video on a screen. */
export interface Tile {
  readonly peerId: PeerId;
  readonly source: Source;
  /** In physical pixels. */
  readonly heightPx: number;
  /** 1 (first to lose bandwidth) to 255 (last). */
  readonly priority: number;
}

/** What a view needs to know of a producer. */
export interface Layered {
  readonly source: Source;
  readonly spatialLayers: number;
}

/** How a consumer is to be served. */
export interface Wanted {
  /** Highest spatial layer to forward; `undefined` when there is only one. */
  readonly spatialLayer: number | undefined;
  /** mediasoup's, in layer steps; `undefined` for audio, which no estimate ever holds back, and for what rests. */
  readonly priority: number | undefined;
}

export const WANTED_AUDIO: Wanted = { spatialLayer: undefined, priority: undefined };

/** Video that is kept ready without being shown begins small when it is. */
export function wantedAtRest({ spatialLayers }: Layered): Wanted {
  return { spatialLayer: spatialLayers > 1 ? 0 : undefined, priority: undefined };
}

/** The video producers that the view shows and somebody publishes, and how each is to be served. Costs as much as there are tiles. */
export function wantedVideo<P extends Layered>(
  view: View,
  find: (peerId: PeerId, source: Source) => P | undefined,
): Map<P, Wanted> {
  const shown = new Map<P, Tile>();
  for (const tile of view.tiles) {
    const producer = kindOf(tile.source) === 'video' ? find(tile.peerId, tile.source) : undefined;
    if (producer) shown.set(producer, tile);
  }
  const steps = layerStepsOf(Array.from(shown.values(), ({ priority }) => priority));
  const wanted = new Map<P, Wanted>();
  for (const [producer, { heightPx, priority }] of shown) {
    const spatialLayer = spatialLayerFor(heightPx, producer.source, producer.spatialLayers);
    wanted.set(producer, { spatialLayer, priority: steps.get(priority) });
  }
  return wanted;
}

export function isSame(a: Wanted, b: Wanted): boolean {
  return a.spatialLayer === b.spatialLayer && a.priority === b.priority;
}
