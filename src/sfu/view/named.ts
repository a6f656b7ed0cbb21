import { sourceKey } from '../../base/index.ts';
import type { Neighbour } from './view.ts';

/** A neighbour, and since when views have named it without a break. */
export interface Named extends Neighbour {
  readonly sinceMs: number;
}

/** By `sourceKey`. Who goes on naming a neighbour does not keep it ready for longer; who stops and begins again does. */
export function nextNamed(
  neighbours: readonly Neighbour[],
  before: ReadonlyMap<string, Named>,
  nowMs: number,
): ReadonlyMap<string, Named> {
  return new Map(
    neighbours.map(({ peerId, source }) => {
      const key = sourceKey({ peerId, source });
      return [key, before.get(key) ?? { peerId, source, sinceMs: nowMs }];
    }),
  );
}
