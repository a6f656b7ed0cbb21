import { type Bps, kbps } from '../base/index.ts';
import type { Codec } from '../crypto/index.ts';
import type { Source } from '../wire/index.ts';

/** The part of mediasoup-client's RtpEncodingParameters that is set here. */
export interface Encoding {
  readonly scaleResolutionDownBy?: number;
  readonly maxBitrate: Bps;
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

/** One layer: scaled-down text cannot be read, so a lower one would serve nobody. 2.5 Mbit/s draws a new 1080p slide within a second. */
const SCREEN_LAYERS: readonly Encoding[] = [{ maxBitrate: kbps(2_500) }];

/** Speech is transparent at 32 kbit/s mono; FEC takes its share of it when packets are lost. */
const SPEECH_BITRATE = kbps(32);

/** A tab's sound may be music: stereo, and no DTX, which would chop quiet passages. */
const MUSIC_BITRATE = kbps(96);

/** Kilobits per second, libwebrtc's unit. Its own start of 300 shows the first seconds of every call blurred. */
const VIDEO_START_KBPS = 1_000;

/** How each source is encoded: DTX and in-band FEC for speech, simulcast for faces. */
export const ENCODING_PLANS: Readonly<
  Record<
    Source,
    { readonly codec: Codec; readonly encodings: readonly Encoding[] | undefined; readonly codecOptions: CodecOptions }
  >
> = {
  microphone: {
    codec: 'opus',
    encodings: undefined,
    codecOptions: { opusDtx: true, opusFec: true, opusStereo: false, opusMaxAverageBitrate: SPEECH_BITRATE },
  },
  camera: { codec: 'vp8', encodings: CAMERA_LAYERS, codecOptions: { videoGoogleStartBitrate: VIDEO_START_KBPS } },
  screen: { codec: 'vp8', encodings: SCREEN_LAYERS, codecOptions: { videoGoogleStartBitrate: VIDEO_START_KBPS } },
  'screen-audio': {
    codec: 'opus',
    encodings: undefined,
    codecOptions: { opusDtx: false, opusFec: true, opusStereo: true, opusMaxAverageBitrate: MUSIC_BITRATE },
  },
};
