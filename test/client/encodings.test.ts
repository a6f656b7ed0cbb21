import { describe, expect, test } from 'vitest';
import { cameraBitrate, encodingPlan } from '../../src/client/encodings.ts';

describe('how a source is encoded', () => {
  test('a VP8 camera has three layers, lowest first, each twice as high and two to four times as dear as the last', () => {
    const layers = encodingPlan('camera', 'vp8').encodings ?? [];
    expect(layers.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy)).toEqual([4, 2, 1]);
    for (const [index, { maxBitrate }] of layers.slice(1).entries()) {
      const below = layers[index]?.maxBitrate ?? 0;
      expect(maxBitrate).toBeGreaterThan(2 * below);
      expect(maxBitrate).toBeLessThanOrEqual(4 * below);
    }
    expect(layers.map(({ maxBitrate }) => maxBitrate)).toEqual([0, 1, 2].map(cameraBitrate));
  });

  test('a VP9 camera has one stream with three layers inside, for the bits of the largest', () => {
    const { codec, encodings } = encodingPlan('camera', 'vp9');
    expect([codec, encodings]).toEqual(['vp9', [{ scalabilityMode: 'L3T3_KEY', maxBitrate: cameraBitrate(2) }]]);
  });

  test('a screen has one layer, never scaled down, of few frames', () => {
    const { encodings, degradationPreference } = encodingPlan('screen', 'vp9');
    expect(encodings).toEqual([{ maxBitrate: 2_500_000, maxFramerate: 10 }]);
    expect(degradationPreference).toBe('maintain-resolution');
  });

  test('speech is mono and pauses in silence; the sound of a screen is stereo and does not', () => {
    expect(encodingPlan('microphone', 'vp8').codecOptions).toMatchObject({ opusDtx: true, opusStereo: false });
    expect(encodingPlan('screen-audio', 'vp8').codecOptions).toMatchObject({ opusDtx: false, opusStereo: true });
  });

  test('every sound can be mended after loss, and has no encodings of its own', () => {
    for (const source of ['microphone', 'screen-audio'] as const) {
      expect(encodingPlan(source, 'vp8').codecOptions.opusFec).toBe(true);
      expect(encodingPlan(source, 'vp8').encodings).toBeUndefined();
    }
  });
});
