import type { PeerId, Quality } from '../src/client/index.ts';

/** How somebody comes through, where that is worth a mark: excellent and good are what people expect. */
export type MarkedQuality = Extract<Quality, 'poor' | 'lost'>;

/** Who is marked after this news of one of them. */
export function markedAfter(
  before: ReadonlyMap<PeerId, MarkedQuality>,
  peerId: PeerId,
  quality: Quality | undefined,
): ReadonlyMap<PeerId, MarkedQuality> {
  const after = new Map(before);
  if (quality === 'poor' || quality === 'lost') after.set(peerId, quality);
  else after.delete(peerId);
  return after;
}
