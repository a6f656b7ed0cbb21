import type { Source } from '../source.ts';

/** Height of a whole picture: cameras are captured at up to 720p, screens are sent larger for their small print. */
const FULL_HEIGHT_PX: Partial<Record<Source, number>> = { camera: 720, screen: 1080 };

/**
 * A layer is good enough for a tile at most this much higher than itself. Higher saves bandwidth, lower is sharper: at 1.25 a
 * 450 px tile still gets 360 lines, which looks the same and costs a third of the full picture.
 */
const MAX_ENLARGEMENT = 1.25;

/**
 * The lowest spatial layer that fills a tile of `heightPx`; `undefined` when the producer has only one to give.
 * Each layer is half as high as the one above it: 1/4, 1/2 and 1 of the whole with three.
 */
export function spatialLayerFor(heightPx: number, source: Source, spatialLayers: number): number | undefined {
  if (spatialLayers < 2) return undefined;
  const fullHeightPx = FULL_HEIGHT_PX[source] ?? 720;
  const top = spatialLayers - 1;
  for (let layer = 0; layer < top; layer += 1) {
    if (heightPx <= (fullHeightPx / 2 ** (top - layer)) * MAX_ENLARGEMENT) return layer;
  }
  return top;
}
