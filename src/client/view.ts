import type { PeerId } from '../base/index.ts';
import { MAX_TILE_HEIGHT_PX, MAX_TILES, type Source, type Tile, type SentView as View } from '../wire/index.ts';

/** One element on the screen that shows a peer's video. */
export interface ShownTile {
  readonly peerId: PeerId;
  readonly source: Source;
  /** Physical pixels. 0 when it is scrolled away or hidden. */
  readonly heightPx: number;
}

/** 1 is the first to lose bandwidth, 255 the last: a shared screen is what everybody looks at. */
const PRIORITIES: Readonly<Partial<Record<Source, number>>> = { screen: 200, camera: 100 };

/**
 * What to tell the server of the elements on the screen. One tile per peer and source, as high as its highest element;
 * the most important and largest when there are more than a view may hold.
 */
export function viewOf(shown: Iterable<ShownTile>, { hears }: { readonly hears: boolean }): View {
  const tiles = new Map<string, Tile>();
  for (const { peerId, source, heightPx } of shown) {
    const key = `${peerId} ${source}`;
    const roundedPx = Math.min(MAX_TILE_HEIGHT_PX, Math.round(heightPx));
    if (roundedPx <= (tiles.get(key)?.heightPx ?? 0)) continue;
    tiles.set(key, { peerId, source, heightPx: roundedPx, priority: PRIORITIES[source] ?? 1 });
  }
  const sorted = [...tiles.values()].sort((a, b) => b.priority - a.priority || b.heightPx - a.heightPx);
  return { tiles: sorted.slice(0, MAX_TILES), hears };
}

/** Whether `next` asks for a video that `before` did not: worth telling at once, for somebody looks at a black tile. */
export function asksForMore(before: View | undefined, next: View): boolean {
  if (!before) return true;
  const known = new Set(before.tiles.map(({ peerId, source }) => `${peerId} ${source}`));
  return next.hears !== before.hears || next.tiles.some(({ peerId, source }) => !known.has(`${peerId} ${source}`));
}

export function sameView(a: View | undefined, b: View): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
