import { type Box, GAP_PX, gridRects, middle, type Rect } from '../grid-layout.ts';
import { type GridPage, gridPage, pageTiles } from '../grid-pages.ts';
import type { Layout, Spot } from './layout.ts';

export interface PlacedSpot {
  readonly spot: Spot;
  readonly rect: Rect;
}

/** Where everything stands, in pixels from the top left of the stage. */
export interface Arrangement {
  readonly large?: PlacedSpot;
  readonly tiles: readonly PlacedSpot[];
  /** Oneself: beside the others on each page. */
  readonly self?: Rect;
  /** `self` lies over the large tile, in its corner. */
  readonly isSelfOver: boolean;
  readonly page: GridPage<Spot>;
  /** The buttons that turn pages, where there are several. */
  readonly turner?: Rect;
}

export interface StageRoom {
  readonly box: Box;
  /** The page that is wanted. */
  readonly page: number;
  /** False for who only listens, and has no tile. */
  readonly hasSelf: boolean;
}

/** What a page of a grid or a strip holds, as tiles with oneself among them, and how they lie in its area. */
interface Shape {
  readonly tiles: (area: Rect) => number;
  readonly rects: (count: number, area: Rect) => readonly Rect[];
}

/** A button a thumb can press, under the tiles or, where height is scarce, beside them. */
export const TURNER_PX = 44;
export const SCARCE_HEIGHT_PX = 320;

/** Beside a large picture: wide enough for a face and a name, and no wider than it helps. */
const STRIP_SHARE = 0.18;
const STRIP_LEAST_PX = 150;
const STRIP_MOST_PX = 300;

/** In an upright window three faces stand in a row under the large one, and a shared screen has the height of its picture. */
const ROW_TILES = 3;
const ROW_MOST_PX = 180;
const SCREEN_SHARE = 0.6;

/** Oneself in the corner of the one other: large enough to see that one is in the picture. */
const CORNER_SHARE = 0.28;
const CORNER_MARGIN_PX = 12;

const GRID: Shape = { tiles: pageTiles, rects: gridRects };

const columnTilePx = ({ widthPx }: Box) => Math.floor((widthPx * 9) / 16);
const rowTilePx = ({ widthPx }: Box) =>
  Math.floor(Math.min(ROW_MOST_PX, (widthPx - GAP_PX * (ROW_TILES - 1)) / ROW_TILES));

const COLUMN: Shape = {
  tiles: (area) => along(area.heightPx, columnTilePx(area)),
  rects: (count, area) => {
    const size = { widthPx: area.widthPx, heightPx: Math.min(columnTilePx(area), share(area.heightPx, count)) };
    const topPx = area.topPx + middle(area.heightPx, count, size.heightPx);
    return Array.from({ length: count }, (_, index) => ({
      ...size,
      leftPx: area.leftPx,
      topPx: topPx + index * (size.heightPx + GAP_PX),
    }));
  },
};

const ROW: Shape = {
  tiles: (area) => along(area.widthPx, rowTilePx(area)),
  rects: (count, area) => {
    const size = { widthPx: Math.min(rowTilePx(area), share(area.widthPx, count)), heightPx: rowTilePx(area) };
    const leftPx = area.leftPx + middle(area.widthPx, count, size.widthPx);
    return Array.from({ length: count }, (_, index) => ({
      ...size,
      topPx: area.topPx,
      leftPx: leftPx + index * (size.widthPx + GAP_PX),
    }));
  },
};

/** Lays `layout` out in a window of that size: pure, so that every size of screen is a line of a table. */
export function arrange(layout: Layout, { box, page: wanted, hasSelf }: StageRoom): Arrangement {
  const whole: Rect = { ...box, leftPx: 0, topPx: 0 };
  if (layout.kind === 'grid') return { ...paged(layout.rest, whole, GRID, { wanted, hasSelf }), isSelfOver: false };
  if (layout.kind === 'speaker' && layout.rest.length === 0) {
    const large = { spot: layout.large, rect: faceIn(whole) };
    const page = gridPage(layout.rest, 0, 1);
    return { large, tiles: [], ...(hasSelf && { self: cornerOf(large.rect) }), isSelfOver: hasSelf, page };
  }
  const { large, rest, shape } = areas(layout, whole);
  return {
    large: { spot: layout.large, rect: layout.kind === 'screen' ? large : faceIn(large) },
    ...paged(layout.rest, rest, shape, { wanted, hasSelf }),
    isSelfOver: false,
  };
}

/** In a lying window the rest stands in a column beside what is large, in an upright one below it. */
function areas(layout: Layout, whole: Rect): { readonly large: Rect; readonly rest: Rect; readonly shape: Shape } {
  const { widthPx, heightPx } = whole;
  if (widthPx >= heightPx) {
    const stripPx = Math.floor(Math.min(STRIP_MOST_PX, Math.max(STRIP_LEAST_PX, widthPx * STRIP_SHARE)));
    const largePx = Math.max(0, widthPx - stripPx - GAP_PX);
    return {
      large: { ...whole, widthPx: largePx },
      rest: { ...whole, leftPx: largePx + GAP_PX, widthPx: stripPx },
      shape: COLUMN,
    };
  }
  const isScreen = layout.kind === 'screen';
  const largePx = isScreen
    ? Math.floor(Math.min((widthPx * 9) / 16, heightPx * SCREEN_SHARE))
    : Math.max(0, heightPx - GAP_PX - rowTilePx(whole));
  return {
    large: { ...whole, heightPx: largePx },
    rest: { ...whole, topPx: largePx + GAP_PX, heightPx: Math.max(0, heightPx - largePx - GAP_PX) },
    shape: isScreen ? GRID : ROW,
  };
}

type Paged = Pick<Arrangement, 'tiles' | 'self' | 'page' | 'turner'>;

/** With buttons to turn pages only where all do not fit without. */
function paged(
  rest: readonly Spot[],
  area: Rect,
  shape: Shape,
  { wanted, hasSelf }: { readonly wanted: number; readonly hasSelf: boolean },
): Paged {
  const own = hasSelf ? 1 : 0;
  const fits = rest.length + own <= shape.tiles(area);
  const { tiles: tilesArea, turner } = fits ? { tiles: area, turner: undefined } : withTurner(area);
  const size = fits ? Math.max(1, rest.length) : Math.max(1, shape.tiles(tilesArea) - own);
  const page = gridPage(rest, wanted, size);
  const rects = shape.rects(page.people.length + own, tilesArea);
  const tiles = page.people.flatMap((spot, at) => {
    const rect = rects[at];
    return rect ? [{ spot, rect }] : [];
  });
  const self = hasSelf ? rects[page.people.length] : undefined;
  return { tiles, page, ...(self && { self }), ...(turner && page.count > 1 && { turner }) };
}

function withTurner(area: Rect): { readonly tiles: Rect; readonly turner: Rect } {
  const { leftPx, topPx, widthPx, heightPx } = area;
  if (heightPx < SCARCE_HEIGHT_PX && widthPx > heightPx) {
    const tilesPx = Math.max(0, widthPx - TURNER_PX - GAP_PX);
    return {
      tiles: { ...area, widthPx: tilesPx },
      turner: { ...area, leftPx: leftPx + tilesPx + GAP_PX, widthPx: TURNER_PX },
    };
  }
  const tilesPx = Math.max(0, heightPx - TURNER_PX - GAP_PX);
  return {
    tiles: { ...area, heightPx: tilesPx },
    turner: { ...area, topPx: topPx + tilesPx + GAP_PX, heightPx: TURNER_PX },
  };
}

/** As large as the area, and no wider than a camera's picture: a face is not cut for a wide window. */
function faceIn(area: Rect): Rect {
  const widthPx = Math.min(area.widthPx, Math.floor((area.heightPx * 16) / 9));
  return { ...area, widthPx, leftPx: area.leftPx + middle(area.widthPx, 1, widthPx) };
}

function cornerOf({ leftPx, topPx, widthPx: roomPx, heightPx: highPx }: Rect): Rect {
  const isUpright = highPx > roomPx;
  const widthPx = Math.floor(Math.min(STRIP_MOST_PX, roomPx * (isUpright ? CORNER_SHARE : STRIP_SHARE)));
  const heightPx = Math.floor(isUpright ? (widthPx * 4) / 3 : (widthPx * 9) / 16);
  return {
    widthPx,
    heightPx,
    leftPx: leftPx + roomPx - widthPx - CORNER_MARGIN_PX,
    topPx: topPx + highPx - heightPx - CORNER_MARGIN_PX,
  };
}

/** At least one, however little room there is. */
const along = (spacePx: number, tilePx: number) => Math.max(1, Math.floor((spacePx + GAP_PX) / (tilePx + GAP_PX)));

/** What each of them may have, where less than they want is left: somebody and oneself are always both shown. */
const share = (spacePx: number, count: number) => Math.max(0, Math.floor((spacePx - GAP_PX * (count - 1)) / count));
