import { type Box, tileSize } from './grid-layout.ts';

/** On one page of the grid, oneself among them: five rows of five, however large the screen. */
export const MAX_PAGE_TILES = 25;

/** Smaller, a face is too small to read and a name is cut after its first letters. */
export const SMALLEST_TILE: Box = { widthPx: 140, heightPx: 100 };

/** The most tiles that a page of that box holds, none smaller than the smallest where more than one fits. At least one. */
export function pageTiles(box: Box): number {
  for (let count = MAX_PAGE_TILES; count > 1; count -= 1) {
    const { widthPx, heightPx } = tileSize(count, box);
    if (widthPx >= SMALLEST_TILE.widthPx && heightPx >= SMALLEST_TILE.heightPx) return count;
  }
  return 1;
}

/** One page of people, and who is on those beside it. */
export interface GridPage<Person> {
  readonly people: readonly Person[];
  readonly beside: readonly Person[];
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** The page that is wanted, or the nearest that there is: people come and go. `size` is of a page, in people. */
export function gridPage<Person>(everybody: readonly Person[], wanted: number, size: number): GridPage<Person> {
  const count = Math.max(1, Math.ceil(everybody.length / size));
  const index = Math.min(Math.max(wanted, 0), count - 1);
  const page = (at: number) => everybody.slice(Math.max(0, at) * size, Math.max(0, at + 1) * size);
  return { people: page(index), beside: [...page(index - 1), ...page(index + 1)], index, count };
}
