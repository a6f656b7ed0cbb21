import { captureCamera, captureMicrophone, type MediaDevicesLike } from './capture.ts';
import { deviceProblem } from './device-error.ts';
import type { DeviceList } from './device-list.ts';

/** Sources that come from a device which can be chosen. */
export type ChosenSource = 'microphone' | 'camera';

export type ChosenDevices = Pick<DeviceList, 'chosen' | 'fellBack'>;

const CAPTURES = { microphone: captureMicrophone, camera: captureCamera };

/**
 * Captures from the chosen device; from the browser's default when that one is unplugged, or another program's. A person who refuses
 * is not asked about another.
 */
export async function captureChosen(
  source: ChosenSource,
  mediaDevices: MediaDevicesLike,
  devices: ChosenDevices,
): Promise<MediaStreamTrack> {
  const deviceId = devices.chosen(source);
  try {
    return await CAPTURES[source](mediaDevices, deviceId);
  } catch (error) {
    if (deviceId === undefined || deviceProblem(error) === 'refused') throw error;
    return await captureDefault(source, mediaDevices, devices);
  }
}

/** In place of the chosen device, which is gone. */
export async function captureDefault(
  source: ChosenSource,
  mediaDevices: MediaDevicesLike,
  devices: ChosenDevices,
): Promise<MediaStreamTrack> {
  const track = await CAPTURES[source](mediaDevices);
  devices.fellBack(source);
  return track;
}
