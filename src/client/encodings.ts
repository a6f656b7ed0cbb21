import { type Bps, kbps } from '../base/index.ts';
import type { Codec } from '../crypto/index.ts';
import type { Source } from '../wire/index.ts';
import { type CameraCodec, VP9_LAYERS } from './camera-codec.ts';

/** The part of mediasoup-client's RtpEncodingParameters that is set here. */
export interface Encoding {
  readonly scaleResolutionDownBy?: number;
  readonly maxBitrate: Bps;
  readonly maxFramerate?: number;
  readonly scalabilityMode?: string;
}

/** How one source is encoded. */
export interface EncodingPlan {
  readonly codec: Codec;
  /** The browser's own when absent. */
  readonly encodings?: readonly Encoding[];
  readonly codecOptions: CodecOptions;
  /** What the browser gives up first when it has too little time or bandwidth: its own choice when absent. */
  readonly degradationPreference?: RTCDegradationPreference;
}

/** The part of mediasoup-client's ProducerCodecOptions that is set here. */
export interface CodecOptions {
  readonly opusDtx?: boolean;
  readonly opusFec?: boolean;
  readonly opusStereo?: boolean;
  readonly opusMaxAverageBitrate?: Bps;
  readonly videoGoogleStartBitrate?: number;
}

/**
 * VP8 simulcast, lowest first. Each step up has four times the pixels and about three times the bits, which is where VP8
 * looks equally good: below, blocks show in moving faces; above, nobody sees the difference.
 *
 * - 180p at 150 kbit/s: a grid of many, a phone's thumbnails.
 * - 360p at 500 kbit/s: a grid of four to nine on a laptop.
 * - 720p at 1,500 kbit/s: one large face. Higher costs every watcher; lower smears hair and text.
 */
const CAMERA_LAYERS: readonly Encoding[] = [
  { scaleResolutionDownBy: 4, maxBitrate: kbps(150) },
  { scaleResolutionDownBy: 2, maxBitrate: kbps(500) },
  { scaleResolutionDownBy: 1, maxBitrate: kbps(1_500) },
];

/** VP9 in one stream: the layers of above inside it, and the bits of the largest for all three, for each builds upon the one below. */
const VP9_CAMERA: readonly Encoding[] = [{ scalabilityMode: VP9_LAYERS, maxBitrate: kbps(1_500) }];

/**
 * What a camera's stream may take when its highest layer is `layer`: without it, a single small layer would be given the bits of
 * the largest.
 */
export function cameraBitrate(layer: number): Bps {
  return CAMERA_LAYERS[layer]?.maxBitrate ?? kbps(1_500);
}

/**
 * A screen, window or tab: text that must be sharp, and changes seldom.
 *
 * - One layer: scaled-down text cannot be read, so a lower one would serve nobody.
 * - 2.5 Mbit/s draws a new 1080p slide within a second; more only shortens that.
 * - 10 frames a second: scrolling can be followed, and each gets three times the bits that it would get of 30. Films stutter.
 * - The resolution stays when bits or time are short, and frames are left out.
 */
export const SCREEN_RATE_HZ = 10;
const SCREEN_LAYERS: readonly Encoding[] = [{ maxBitrate: kbps(2_500), maxFramerate: SCREEN_RATE_HZ }];
const SCREEN_KEEPS: RTCDegradationPreference = 'maintain-resolution';

/** Speech is transparent at 32 kbit/s mono; FEC takes its share of it when packets are lost. */
const SPEECH_BITRATE = kbps(32);

/** A tab's sound may be music: stereo, and no DTX, which would chop quiet passages. */
const MUSIC_BITRATE = kbps(96);

/** Kilobits per second, libwebrtc's unit. Its own start of 300 shows the first seconds of every call blurred. */
const VIDEO_START_KBPS = 1_000;

const VIDEO_START: CodecOptions = { videoGoogleStartBitrate: VIDEO_START_KBPS };

/** How each source is encoded: DTX and in-band FEC for speech, layers for faces, one sharp picture for screens. */
export function encodingPlan(source: Source, cameraCodec: CameraCodec): EncodingPlan {
  switch (source) {
    case 'microphone':
      return {
        codec: 'opus',
        codecOptions: { opusDtx: true, opusFec: true, opusStereo: false, opusMaxAverageBitrate: SPEECH_BITRATE },
      };
    case 'camera':
      return {
        codec: cameraCodec,
        encodings: cameraCodec === 'vp9' ? VP9_CAMERA : CAMERA_LAYERS,
        codecOptions: VIDEO_START,
      };
    case 'screen':
      return {
        codec: 'vp8',
        encodings: SCREEN_LAYERS,
        codecOptions: VIDEO_START,
        degradationPreference: SCREEN_KEEPS,
      };
    case 'screen-audio':
      return {
        codec: 'opus',
        codecOptions: { opusDtx: false, opusFec: true, opusStereo: true, opusMaxAverageBitrate: MUSIC_BITRATE },
      };
  }
}
