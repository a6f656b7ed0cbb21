import { describe, expect, test } from 'vitest';
import { type CameraCodec, chooseCameraCodec, readVp9Ability } from '../../src/client/camera-codec.ts';

const ability = (supported: boolean, smooth: boolean, powerEfficient: boolean) => ({
  supported,
  smooth,
  powerEfficient,
});

describe("the camera's codec", () => {
  test.each<['auto' | CameraCodec, boolean, boolean, boolean, CameraCodec]>([
    ['auto', true, true, true, 'vp9'],
    ['auto', true, true, false, 'vp8'],
    ['auto', true, false, true, 'vp8'],
    ['auto', false, false, false, 'vp8'],
    ['vp9', true, false, false, 'vp9'],
    ['vp9', false, false, false, 'vp8'],
    ['vp8', true, true, true, 'vp8'],
  ])('%s, supported %s, smooth %s, power efficient %s: %s', (wanted, supported, smooth, powerEfficient, expected) => {
    expect(chooseCameraCodec(wanted, ability(supported, smooth, powerEfficient))).toBe(expected);
  });

  test('the browser is asked about all three layers, as they are sent in a call', async () => {
    const asked: MediaEncodingConfiguration[] = [];
    const answer = { ...ability(true, true, true), configuration: {} };
    const encodingInfo = async (configuration: MediaEncodingConfiguration) => {
      asked.push(configuration);
      return answer;
    };
    expect(await readVp9Ability({ encodingInfo } as unknown as MediaCapabilities)).toBe(answer);
    expect(asked).toMatchObject([{ type: 'webrtc', video: { scalabilityMode: 'L3T3_KEY', height: 720 } }]);
  });

  test.each<[string, MediaCapabilities | undefined]>([
    ['knows nothing of it', undefined],
    ['throws', { encodingInfo: () => Promise.reject(new TypeError()) } as unknown as MediaCapabilities],
  ])('a browser that %s cannot', async (_, capabilities) => {
    expect(await readVp9Ability(capabilities)).toEqual(ability(false, false, false));
  });
});
