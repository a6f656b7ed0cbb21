import { randomInt } from 'node:crypto';
import type { AnyRtpParameters } from '../../src/wire/index.ts';
import { EXTENSION_IDS } from '../../test/bot/outgoing-stream.ts';
import type { StreamPlan, StreamShape } from '../endpoints/stream-plan.ts';

const URIS = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  transportSequence: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  audioLevel: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
} as const;

/** Both codecs as libwebrtc numbers them. */
const OPUS = {
  mimeType: 'audio/opus',
  payloadType: 111,
  clockRate: 48_000,
  channels: 2,
  parameters: { minptime: 10, useinbandfec: 1 },
  rtcpFeedback: [{ type: 'transport-cc' }],
};
const VP8 = {
  mimeType: 'video/VP8',
  payloadType: 96,
  clockRate: 90_000,
  parameters: {},
  rtcpFeedback: [{ type: 'transport-cc' }, { type: 'nack' }, { type: 'nack', parameter: 'pli' }],
};
const VP8_RTX = {
  mimeType: 'video/rtx',
  payloadType: 97,
  clockRate: 90_000,
  parameters: { apt: VP8.payloadType },
  rtcpFeedback: [],
};

/** A stream as a server of mediasoup's kind is told of it, and as an endpoint sends it. */
export interface PublishedStream {
  readonly rtpParameters: AnyRtpParameters;
  readonly plan: StreamPlan;
}

/** `mid` must differ among the streams of one person. */
export function publishedStream(shape: StreamShape, mid: string): PublishedStream {
  const isAudio = shape.kind === 'audio';
  const ssrc = randomInt(1, 2 ** 31);
  const { mid: midId, transportSequence, audioLevel } = EXTENSION_IDS;
  const extensions = { mid: midId, transportSequence, ...(isAudio && { audioLevel }) };
  return {
    rtpParameters: {
      mid,
      codecs: isAudio ? [OPUS] : [VP8, VP8_RTX],
      headerExtensions: Object.entries(extensions).map(([name, id]) => ({ uri: URIS[name as keyof typeof URIS], id })),
      encodings: [isAudio ? { ssrc } : { ssrc, rtx: { ssrc: ssrc + 2 ** 31 - 1 } }],
      rtcp: { cname: `${ssrc}` },
    },
    plan: { ...shape, ssrc, payloadType: (isAudio ? OPUS : VP8).payloadType, mid, extensions },
  };
}
