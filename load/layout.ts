import { GAP_PX } from '../web/grid-layout.ts';
import { SCARCE_HEIGHT_PX, TURNER_PX } from '../web/stage/arrangement.ts';
import { quoted } from './units.ts';
import { UsageError } from './usage-error.ts';

/** The grid that each participant shows. One tile of it is one's own, as on the page. */
export interface Layout {
  readonly columns: number;
  readonly rows: number;
}

/** What everybody is thought to sit before: bots divide its height among the rows. */
export const SCREEN_HEIGHT_PX = 720;

/** The page shows at most five rows of five. */
const MOST = 5;

/** `3x3`: columns, then rows. @throws UsageError */
export function parseLayout(text: string): Layout {
  const [, columns = '', rows = ''] = /^(\d)x(\d)$/.exec(text) ?? [];
  const layout = { columns: Number(columns), rows: Number(rows) };
  const fits = (side: number) => side >= 1 && side <= MOST;
  if (fits(layout.columns) && fits(layout.rows)) return layout;
  throw new UsageError(`not a layout: ${quoted(text)} (columns x rows, 1x1 to ${MOST}x${MOST}, such as 3x3)`);
}

export const formatLayout = ({ columns, rows }: Layout): string => `${columns}x${rows}`;

/** Tiles for others; who shows a single tile shows somebody else in it. */
export const othersShown = ({ columns, rows }: Layout): number => Math.max(1, columns * rows - 1);

/** In physical pixels: by it the server chooses the layer. */
export const tileHeightPx = ({ rows }: Layout): number => Math.floor(SCREEN_HEIGHT_PX / rows);

/** A window of the page, in CSS pixels, and how many physical pixels each has. */
export interface Window {
  readonly width: number;
  readonly height: number;
  readonly deviceScaleFactor: number;
}

/** Of one tile in CSS pixels: a little above the smallest that the page makes, so that no further one finds room. */
const TILE_PX = { width: 150, height: 110 };

/** What turns pages takes it from the grid, where there are several; without it there is no room for a further tile. */
const PAGE_TURNER_PX = TURNER_PX + GAP_PX;

/** The grid of people in which the page shows exactly these tiles: it makes as many as fit. In CSS pixels. */
export function gridOf({ columns, rows }: Layout): { readonly width: number; readonly height: number } {
  const width = columns * TILE_PX.width + (columns - 1) * GAP_PX;
  const height = rows * TILE_PX.height + (rows - 1) * GAP_PX;
  const isBeside = height < SCARCE_HEIGHT_PX && width + PAGE_TURNER_PX > height;
  return isBeside ? { width: width + PAGE_TURNER_PX, height } : { width, height: height + PAGE_TURNER_PX };
}

/** The window around that grid: small, with dense pixels, so that tiles are about as high in physical pixels as those of bots. */
export function windowOf(layout: Layout, beside: { readonly width: number; readonly height: number }): Window {
  const { width, height } = gridOf(layout);
  const deviceScaleFactor = tileHeightPx(layout) / TILE_PX.height;
  return { width: width + beside.width, height: height + beside.height, deviceScaleFactor };
}
