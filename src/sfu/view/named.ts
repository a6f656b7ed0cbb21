import type { PeerId } from '../../base/index.ts';
import type { Source } from '../source.ts';
import type { Neighbour } from './view.ts';

/** A neighbour, and since when views have named it without a break. */
export interface Named extends Neighbour {
  readonly sinceMs: number;
}

/** By `keyOf`. Who goes on naming a neighbour does not keep it ready for longer; who stops and begins again does. */
export function nextNamed(
  neighbours: readonly Neighbour[],
  before: ReadonlyMap<string, Named>,
  nowMs: number,
): ReadonlyMap<string, Named> {
  return new Map(
    neighbours.map(({ peerId, source }) => {
      const key = keyOf(peerId, source);
      return [key, before.get(key) ?? { peerId, source, sinceMs: nowMs }];
    }),
  );
}

export const keyOf = (peerId: PeerId, source: Source) => `${peerId} ${source}`;
