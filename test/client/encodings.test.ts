import { describe, expect, test } from 'vitest';
import { ENCODING_PLANS } from '../../src/client/encodings.ts';

describe('how a source is encoded', () => {
  test('a camera has three layers, lowest first, each twice as high and two to four times as dear as the last', () => {
    const layers = ENCODING_PLANS.camera.encodings ?? [];
    expect(layers.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy)).toEqual([4, 2, 1]);
    for (const [index, { maxBitrate }] of layers.slice(1).entries()) {
      const below = layers[index]?.maxBitrate ?? 0;
      expect(maxBitrate).toBeGreaterThan(2 * below);
      expect(maxBitrate).toBeLessThanOrEqual(4 * below);
    }
  });

  test('a screen has one layer, never scaled down', () => {
    expect(ENCODING_PLANS.screen.encodings).toEqual([{ maxBitrate: 2_500_000 }]);
  });

  test('speech is mono and pauses in silence; the sound of a screen is stereo and does not', () => {
    expect(ENCODING_PLANS.microphone.codecOptions).toMatchObject({ opusDtx: true, opusStereo: false });
    expect(ENCODING_PLANS['screen-audio'].codecOptions).toMatchObject({ opusDtx: false, opusStereo: true });
  });

  test('every sound can be mended after loss, and has no encodings of its own', () => {
    for (const source of ['microphone', 'screen-audio'] as const) {
      expect(ENCODING_PLANS[source].codecOptions.opusFec).toBe(true);
      expect(ENCODING_PLANS[source].encodings).toBeUndefined();
    }
  });
});
