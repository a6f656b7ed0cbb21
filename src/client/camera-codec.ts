/** How cameras are sent: VP8 in three streams (simulcast), or VP9 in one of three layers. */
export type CameraCodec = 'vp8' | 'vp9';

/** What a browser says of encoding VP9 with three spatial layers (W3C media-capabilities, type `webrtc`). */
export type Vp9Ability = Pick<MediaCapabilitiesInfo, 'supported' | 'smooth' | 'powerEfficient'>;

/** VP9 with key frames in all layers at once: a watcher of one layer needs nothing of those above it. */
export const VP9_LAYERS = 'L3T3_KEY';

/**
 * VP9 costs a third less bandwidth for the same picture and, in software, two to three times the time to encode: `auto` takes it
 * where the device does it without effort. Who asks for it gets it wherever it works at all.
 */
export function chooseCameraCodec(
  wanted: 'auto' | CameraCodec,
  { supported, smooth, powerEfficient }: Vp9Ability,
): CameraCodec {
  if (wanted === 'vp8' || !supported) return 'vp8';
  return wanted === 'vp9' || (smooth && powerEfficient) ? 'vp9' : 'vp8';
}

const NOT_AT_ALL: Vp9Ability = { supported: false, smooth: false, powerEfficient: false };

/** Asks the browser. One that cannot say is taken for one that cannot. */
export async function readVp9Ability(capabilities: MediaCapabilities | undefined): Promise<Vp9Ability> {
  try {
    const video = { contentType: 'video/VP9', width: 1280, height: 720, framerate: 30, bitrate: 1_500_000 };
    const answer = await capabilities?.encodingInfo({
      type: 'webrtc',
      video: { ...video, scalabilityMode: VP9_LAYERS },
    });
    return answer ?? NOT_AT_ALL;
  } catch {
    return NOT_AT_ALL; // browsers that do not know the type throw
  }
}
