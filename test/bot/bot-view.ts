import type { PeerId } from '../../src/base/index.ts';
import type { ServerRoster } from '../../src/client/server-roster.ts';
import { MAX_TILES, type SentView, type Tile } from '../../src/wire/index.ts';

/**
 * What a bot looks at. `everybody`: a tile of that height for every camera in the room, those of the first `atMost` peers.
 */
export type Views =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'tiles'; readonly tiles: readonly Tile[] }
  | { readonly kind: 'everybody'; readonly heightPx: number; readonly atMost?: number };

/** As the grid of the page asks for a small tile. */
const PRIORITY = 100;

export function viewOf(views: Views, { peers }: ServerRoster, { hears }: { readonly hears: boolean }): SentView {
  if (views.kind === 'nothing') return { tiles: [], hears };
  if (views.kind === 'tiles') return { tiles: [...views.tiles], hears };
  const filmed = peers.filter(({ publications }) => publications.some(({ source }) => source === 'camera'));
  const shown = filmed.slice(0, Math.min(views.atMost ?? MAX_TILES, MAX_TILES));
  return { tiles: shown.map(({ id }) => tileOf(id, views.heightPx)), hears };
}

function tileOf(peerId: PeerId, heightPx: number): Tile {
  return { peerId, source: 'camera', heightPx, priority: PRIORITY };
}
