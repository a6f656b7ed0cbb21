export interface Box {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Between tiles. */
export const GAP_PX = 10;

/** Cameras are 16:9: a tile is never wider than the picture, and a square still shows a face and who sits beside it. */
const WIDEST = 16 / 9;
const NARROWEST = 1;

/** The size of each of `count` tiles that fills `box` best: the column count whose tiles are largest. */
export function tileSize(count: number, box: Box): Box {
  let best: Box = { widthPx: 0, heightPx: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const size = fitted({
      widthPx: (box.widthPx - GAP_PX * (columns - 1)) / columns,
      heightPx: (box.heightPx - GAP_PX * (rows - 1)) / rows,
    });
    if (size.widthPx * size.heightPx > best.widthPx * best.heightPx) best = size;
  }
  return best;
}

function fitted({ widthPx, heightPx }: Box): Box {
  const width = Math.max(0, Math.min(widthPx, heightPx * WIDEST));
  const height = Math.max(0, Math.min(heightPx, width / NARROWEST));
  return { widthPx: Math.floor(width), heightPx: Math.floor(height) };
}
