export interface Box {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A box and where it stands, from the top left. */
export interface Rect extends Box {
  readonly leftPx: number;
  readonly topPx: number;
}

/** Between tiles. */
export const GAP_PX = 10;

/** Cameras are 16:9: a tile is never wider than the picture. Held upright, a face and its shoulders still fill 3:4. */
const WIDEST = 16 / 9;
const NARROWEST = 3 / 4;

/** What is higher than wide shows less of a camera's picture, not more: it does not count when columns are chosen. */
const COUNTED_NARROWEST = 1;

interface Tiling {
  readonly columns: number;
  readonly size: Box;
}

/** The size of each of `count` tiles that fills `box` best: the column count whose tiles are largest. */
export function tileSize(count: number, box: Box): Box {
  return tiling(count, box).size;
}

/** The tiles themselves, row by row, in the middle of `area`. Rows differ by one tile at most. */
export function gridRects(count: number, area: Rect): readonly Rect[] {
  const { columns, size } = tiling(count, area);
  const rows = Math.ceil(count / columns);
  const topPx = area.topPx + middle(area.heightPx, rows, size.heightPx);
  return Array.from({ length: rows }, (_, row) => {
    const first = Math.ceil((row * count) / rows);
    const inRow = Math.ceil(((row + 1) * count) / rows) - first;
    const leftPx = area.leftPx + middle(area.widthPx, inRow, size.widthPx);
    return Array.from({ length: inRow }, (_, column) => ({
      ...size,
      leftPx: leftPx + column * (size.widthPx + GAP_PX),
      topPx: topPx + row * (size.heightPx + GAP_PX),
    }));
  }).flat();
}

/** Where `count` tiles of that length begin, so that as much is free before as behind them. */
export function middle(spacePx: number, count: number, tilePx: number): number {
  return Math.max(0, Math.floor((spacePx - count * tilePx - (count - 1) * GAP_PX) / 2));
}

/** As large as fits, no wider than a camera's picture and no narrower than a face. */
export function fitted({ widthPx, heightPx }: Box): Box {
  const width = Math.max(0, Math.min(widthPx, heightPx * WIDEST));
  const height = Math.max(0, Math.min(heightPx, width / NARROWEST));
  return { widthPx: Math.floor(width), heightPx: Math.floor(height) };
}

function tiling(count: number, box: Box): Tiling {
  let best: Tiling = { columns: 1, size: { widthPx: 0, heightPx: 0 } };
  let most = 0;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const size = fitted({
      widthPx: (box.widthPx - GAP_PX * (columns - 1)) / columns,
      heightPx: (box.heightPx - GAP_PX * (rows - 1)) / rows,
    });
    const counted = size.widthPx * Math.min(size.heightPx, size.widthPx / COUNTED_NARROWEST);
    if (counted <= most) continue;
    most = counted;
    best = { columns, size };
  }
  return best;
}
