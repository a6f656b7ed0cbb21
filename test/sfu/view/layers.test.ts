import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spatialLayerFor } from '../../../src/sfu/view/layers.ts';

describe('spatial layer for a tile', () => {
  test.each([
    [90, 0],
    [180, 0],
    [225, 0],
    [226, 1],
    [360, 1],
    [450, 1],
    [451, 2],
    [720, 2],
    [2160, 2],
  ])('a camera tile %d px high gets layer %d of three', (heightPx, layer) => {
    expect(spatialLayerFor(heightPx, 'camera', 3)).toBe(layer);
  });

  test.each([
    [360, 0],
    [450, 0],
    [451, 1],
  ])('a camera tile %d px high gets layer %d of two', (heightPx, layer) => {
    expect(spatialLayerFor(heightPx, 'camera', 2)).toBe(layer);
  });

  test('a screen is reckoned larger than a camera, so the same tile gets a lower layer of it', () => {
    expect(spatialLayerFor(600, 'screen', 2)).toBe(0);
    expect(spatialLayerFor(600, 'camera', 2)).toBe(1);
  });

  test('a producer with one layer leaves nothing to choose', () => {
    expect(spatialLayerFor(90, 'camera', 1)).toBeUndefined();
  });

  test('the layer exists, and a higher tile never gets a lower one', () => {
    const heightPx = fc.integer({ min: 1, max: 8192 });
    const source = fc.constantFrom('camera' as const, 'screen' as const);
    fc.assert(
      fc.property(heightPx, heightPx, source, fc.integer({ min: 2, max: 4 }), (a, b, captured, spatialLayers) => {
        const lower = spatialLayerFor(Math.min(a, b), captured, spatialLayers) ?? -1;
        const upper = spatialLayerFor(Math.max(a, b), captured, spatialLayers) ?? -1;
        return 0 <= lower && lower <= upper && upper < spatialLayers;
      }),
    );
  });
});
