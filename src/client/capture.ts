import { SCREEN_RATE_HZ } from './encodings.ts';

/** Three simulcast layers want 1280x720: Chromium activates only two below it. */
const CAMERA_WIDTH_PX = 1280;
const CAMERA_HEIGHT_PX = 720;

/** Faces at 30; more doubles the cost of every layer for everybody and nobody sees it in a tile. */
const CAMERA_RATE_HZ = 30;

/** What is used of `navigator.mediaDevices`. */
export type MediaDevicesLike = Pick<MediaDevices, 'getUserMedia' | 'getDisplayMedia'>;

/** Without `deviceId` the browser picks. One that is not there is an error, as with captureCamera. */
export async function captureMicrophone(devices: MediaDevicesLike, deviceId?: string): Promise<MediaStreamTrack> {
  const stream = await devices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...exactly(deviceId) },
  });
  return firstTrack(stream);
}

/** Asks for exactly 720p first, for `ideal` lets a browser pick less than the camera has; then for whatever there is. */
export async function captureCamera(devices: MediaDevicesLike, deviceId?: string): Promise<MediaStreamTrack> {
  const either = { frameRate: { ideal: CAMERA_RATE_HZ, max: CAMERA_RATE_HZ }, ...exactly(deviceId) };
  const exact = { width: { exact: CAMERA_WIDTH_PX }, height: { exact: CAMERA_HEIGHT_PX }, ...either };
  const ideal = { width: { ideal: CAMERA_WIDTH_PX }, height: { ideal: CAMERA_HEIGHT_PX }, ...either };
  const stream = await devices.getUserMedia({ video: exact }).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'OverconstrainedError') return devices.getUserMedia({ video: ideal });
    throw error;
  });
  return firstTrack(stream);
}

/** The screen, window or tab that the person picks; its sound too when the browser offers it and they tick it. */
export async function captureScreen(devices: MediaDevicesLike): Promise<readonly MediaStreamTrack[]> {
  const stream = await devices.getDisplayMedia({ video: { frameRate: { max: SCREEN_RATE_HZ } }, audio: true });
  for (const track of stream.getVideoTracks()) track.contentHint = 'detail';
  return stream.getTracks();
}

const exactly = (deviceId: string | undefined) => (deviceId === undefined ? {} : { deviceId: { exact: deviceId } });

function firstTrack(stream: MediaStream): MediaStreamTrack {
  const [track] = stream.getTracks();
  if (!track) throw new DOMException('no track', 'NotFoundError');
  return track;
}
