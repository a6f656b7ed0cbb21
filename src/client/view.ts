import { sourceKey } from '../base/index.ts';
import {
  MAX_NEIGHBOURS,
  MAX_TILE_HEIGHT_PX,
  MAX_TILES,
  type Neighbour,
  type SentView,
  type Source,
  type Tile,
} from '../wire/index.ts';

/** All of it: this side always says its neighbours. */
export type View = Required<SentView>;

/** Where a video's element stands. `near`: not on the screen, and it may be in a moment. */
export type Place =
  | { readonly kind: 'visible'; readonly heightPx: number }
  | { readonly kind: 'near' }
  | { readonly kind: 'away' };

/** One element that shows a peer's video. */
export interface ShownTile extends Neighbour {
  /** In physical pixels. */
  readonly place: Place;
}

/** What a view says besides the elements. */
export interface ViewRest {
  readonly hears: boolean;
  /** Videos that are attached nowhere and may soon be. */
  readonly expected: readonly Neighbour[];
}

/** 1 is the first to lose bandwidth, 255 the last: a shared screen is what everybody looks at. */
const PRIORITIES: Readonly<Partial<Record<Source, number>>> = { screen: 200, camera: 100 };

/** The next layer is twice as high as the one below: somewhere on this way a larger one is wanted. */
const GROWN = 1.5;

/**
 * What to tell the server of the elements on the screen and around it. One tile per peer and source, as high as its highest
 * element; the most important and largest when there are more than a view may hold. What is near and not on the screen is a
 * neighbour, before what is only expected.
 */
export function viewOf(shown: Iterable<ShownTile>, { hears, expected }: ViewRest): View {
  const tiles = new Map<string, Tile>();
  const neighbours = new Map<string, Neighbour>();
  for (const { peerId, source, place } of shown) {
    const key = sourceKey({ peerId, source });
    if (place.kind === 'near') neighbours.set(key, { peerId, source });
    if (place.kind !== 'visible') continue;
    const roundedPx = Math.min(MAX_TILE_HEIGHT_PX, Math.round(place.heightPx));
    if (roundedPx <= (tiles.get(key)?.heightPx ?? 0)) continue;
    tiles.set(key, { peerId, source, heightPx: roundedPx, priority: PRIORITIES[source] ?? 1 });
  }
  for (const { peerId, source } of expected) neighbours.set(sourceKey({ peerId, source }), { peerId, source });
  for (const key of tiles.keys()) neighbours.delete(key);
  const sorted = [...tiles.values()].sort((a, b) => b.priority - a.priority || b.heightPx - a.heightPx);
  return {
    tiles: sorted.slice(0, MAX_TILES),
    hears,
    neighbours: [...neighbours.values()].slice(0, MAX_NEIGHBOURS),
  };
}

/**
 * Whether somebody looks at less in `before` than in `next`: worth telling at once. A video that was not there is a black tile,
 * one that has grown is blurred.
 */
export function asksForMore(before: View | undefined, next: View): boolean {
  if (!before) return true;
  const heights = new Map(before.tiles.map((tile) => [sourceKey(tile), tile.heightPx]));
  return (
    next.hears !== before.hears ||
    next.tiles.some((tile) => tile.heightPx > GROWN * (heights.get(sourceKey(tile)) ?? 0))
  );
}

export function sameView(a: View | undefined, b: View): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
