import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodingPlan } from '../../src/client/encodings.ts';
import { SEND_ALL, type SendWish, sentEncodings } from '../../src/client/sent-layers.ts';

const SIMULCAST = encodingPlan('camera', 'vp8').encodings;
const SVC = encodingPlan('camera', 'vp9').encodings;
const SCREEN = encodingPlan('screen', 'vp8').encodings;

const watched = (top: number | undefined): SendWish => ({ held: false, top });
const active = (encodings: typeof SIMULCAST, wish: SendWish) =>
  sentEncodings(encodings, wish).map((each) => each.active);

describe('what is sent', () => {
  test.each<[number | undefined, readonly boolean[]]>([
    [undefined, [false, false, false]],
    [0, [true, false, false]],
    [1, [true, true, false]],
    [2, [true, true, true]],
    [200, [true, true, true]],
  ])('of a simulcast camera of which layer %s is the highest that is watched: %j', (top, expected) => {
    expect(active(SIMULCAST, watched(top))).toEqual(expected);
  });

  test.each<[number, string, number, number]>([
    [0, 'L1T3', 4, 150_000],
    [1, 'L2T3_KEY', 2, 500_000],
    [2, 'L3T3_KEY', 1, 1_500_000],
    [9, 'L3T3_KEY', 1, 1_500_000],
  ])(
    'of a camera in one stream, up to layer %i: %s, each layer as large as before',
    (top, scalabilityMode, scale, maxBitrate) => {
      expect(sentEncodings(SVC, watched(top))).toEqual([
        { active: true, scalabilityMode, scaleResolutionDownBy: scale, maxBitrate },
      ]);
    },
  );

  test.each<[string, typeof SIMULCAST]>([
    ['a screen', SCREEN],
    ['sound', undefined],
    ['a camera in one stream', SVC],
  ])('of %s that nobody watches: nothing', (_, encodings) => {
    expect([active(encodings, watched(undefined)), active(encodings, watched(0))]).toEqual([[false], [true]]);
  });

  test('everything, until the server says what is watched', () => {
    expect([
      active(SIMULCAST, SEND_ALL),
      active(SVC, SEND_ALL),
      active(SCREEN, SEND_ALL),
      active(undefined, SEND_ALL),
    ]).toEqual([[true, true, true], [true], [true], [true]]);
  });

  test('nothing while held, whatever is watched', () => {
    const encodings = fc.constantFrom(SIMULCAST, SVC, SCREEN, undefined);
    fc.assert(
      fc.property(encodings, fc.option(fc.nat(255), { nil: undefined }), (each, top) => {
        expect(active(each, { held: true, top })).not.toContain(true);
      }),
    );
  });
});
