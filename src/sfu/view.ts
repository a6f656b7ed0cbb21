import type { PeerId } from '../base/index.ts';
import { spatialLayerFor } from './layers.ts';
import { kindOf, type Source } from './source.ts';

/** Everything that a client shows and hears. */
export interface View {
  readonly tiles: readonly Tile[];
  readonly hears: boolean;
  /** What may be on the screen in a moment; none when absent. No tile is one. */
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
export interface Published {
  readonly source: Source;
  readonly spatialLayers: number;
}

/** How a consumer is to be served. */
export interface Wanted {
  /** Highest spatial layer to forward; `undefined` when there is only one. */
  readonly spatialLayer: number | undefined;
  /** As the tile's; `undefined` for audio, which no estimate ever holds back. */
  readonly priority: number | undefined;
}

export const WANTED_AUDIO: Wanted = { spatialLayer: undefined, priority: undefined };

export function wantedFor(tile: Tile, producer: Published): Wanted {
  const spatialLayer = spatialLayerFor(tile.heightPx, producer.source, producer.spatialLayers);
  return { spatialLayer, priority: tile.priority };
}

/** The video producers that the view shows and somebody publishes, and how each is to be served. Costs as much as there are tiles. */
export function wantedVideo<P extends Published>(
  view: View,
  find: (peerId: PeerId, source: Source) => P | undefined,
): Map<P, Wanted> {
  const wanted = new Map<P, Wanted>();
  for (const tile of view.tiles) {
    if (kindOf(tile.source) !== 'video') continue;
    const producer = find(tile.peerId, tile.source);
    if (producer) wanted.set(producer, wantedFor(tile, producer));
  }
  return wanted;
}

/** What to do so that the consumers are those that are wanted. */
export interface Difference<P> {
  readonly close: readonly P[];
  readonly open: readonly (readonly [P, Wanted])[];
  readonly relayer: readonly (readonly [P, Wanted])[];
}

export function difference<P>(wanted: ReadonlyMap<P, Wanted>, existing: ReadonlyMap<P, Wanted>): Difference<P> {
  return {
    close: [...existing.keys()].filter((producer) => !wanted.has(producer)),
    open: [...wanted].filter(([producer]) => !existing.has(producer)),
    relayer: [...wanted].filter(([producer, how]) => {
      const present = existing.get(producer);
      return present !== undefined && !isSame(present, how);
    }),
  };
}

export function isSame(a: Wanted, b: Wanted): boolean {
  return a.spatialLayer === b.spatialLayer && a.priority === b.priority;
}
