import type { RtpCapabilities, RtpParameters } from '../../src/sfu/index.ts';

/* What Chromium says through mediasoup-client, shortened to what a router looks at. */

const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const RID = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';
const REPAIRED_RID = 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id';
const ABS_SEND_TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';
const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const AUDIO_LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

const VIDEO_FEEDBACK = () => [
  { type: 'goog-remb' },
  { type: 'transport-cc' },
  { type: 'ccm', parameter: 'fir' },
  { type: 'nack' },
  { type: 'nack', parameter: 'pli' },
];

/** What a browser can receive from our routers. */
export function browserRtpCapabilities(): RtpCapabilities {
  return {
    codecs: [
      {
        kind: 'audio',
        mimeType: 'audio/opus',
        preferredPayloadType: 100,
        clockRate: 48_000,
        channels: 2,
        parameters: { minptime: 10, useinbandfec: 1 },
        rtcpFeedback: [{ type: 'nack' }, { type: 'transport-cc' }],
      },
      {
        kind: 'video',
        mimeType: 'video/VP8',
        preferredPayloadType: 101,
        clockRate: 90_000,
        rtcpFeedback: VIDEO_FEEDBACK(),
      },
      {
        kind: 'video',
        mimeType: 'video/rtx',
        preferredPayloadType: 102,
        clockRate: 90_000,
        parameters: { apt: 101 },
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [
      { kind: 'audio', uri: MID, preferredId: 1, direction: 'sendrecv' },
      { kind: 'video', uri: MID, preferredId: 1, direction: 'sendrecv' },
      { kind: 'audio', uri: ABS_SEND_TIME, preferredId: 4, direction: 'sendrecv' },
      { kind: 'video', uri: ABS_SEND_TIME, preferredId: 4, direction: 'sendrecv' },
      { kind: 'video', uri: TRANSPORT_CC, preferredId: 5, direction: 'sendrecv' },
      { kind: 'audio', uri: AUDIO_LEVEL, preferredId: 6, direction: 'sendrecv' },
    ],
  };
}

/** Ears and no eyes: cannot receive any video. */
export function audioOnlyRtpCapabilities(): RtpCapabilities {
  const { codecs = [], headerExtensions = [] } = browserRtpCapabilities();
  return {
    codecs: codecs.filter(({ kind }) => kind === 'audio'),
    headerExtensions: headerExtensions.filter(({ kind }) => kind === 'audio'),
  };
}

/** A microphone: Opus with DTX and FEC. `mid` must differ among the producers of one peer. */
export function opusRtpParameters(mid = '0'): RtpParameters {
  return {
    mid,
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: 111,
        clockRate: 48_000,
        channels: 2,
        parameters: { minptime: 10, useinbandfec: 1, usedtx: 1 },
        rtcpFeedback: [{ type: 'transport-cc' }],
      },
    ],
    headerExtensions: [
      { uri: MID, id: 4 },
      { uri: TRANSPORT_CC, id: 3 },
      { uri: AUDIO_LEVEL, id: 1 },
    ],
    encodings: [{ ssrc: 11_110_000 + Number(mid), dtx: true }],
    rtcp: { cname: 'fixture', reducedSize: true },
  };
}

/** A camera: VP8 in three spatial layers of two temporal ones, lowest first. */
export function simulcastRtpParameters(mid = '1', rids: readonly string[] = ['r0', 'r1', 'r2']): RtpParameters {
  return {
    mid,
    codecs: [
      {
        mimeType: 'video/VP8',
        payloadType: 96,
        clockRate: 90_000,
        parameters: {},
        rtcpFeedback: VIDEO_FEEDBACK(),
      },
      {
        mimeType: 'video/rtx',
        payloadType: 97,
        clockRate: 90_000,
        parameters: { apt: 96 },
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [
      { uri: MID, id: 4 },
      { uri: RID, id: 10 },
      { uri: REPAIRED_RID, id: 11 },
      { uri: ABS_SEND_TIME, id: 2 },
      { uri: TRANSPORT_CC, id: 3 },
    ],
    encodings: rids.map((rid) => ({ rid, scalabilityMode: 'L1T2', maxBitrate: 1_500_000, dtx: false })),
    rtcp: { cname: 'fixture', reducedSize: true },
  };
}

/** A shared screen: VP8 in one layer. */
export function screenRtpParameters(mid = '2'): RtpParameters {
  const parameters = simulcastRtpParameters(mid);
  return { ...parameters, encodings: [{ ssrc: 22_220_000 + Number(mid), rtx: { ssrc: 33_330_000 + Number(mid) } }] };
}

/** A client's side of DTLS. Well formed; no certificate stands behind it. */
export function dtlsParameters() {
  const value = Array.from({ length: 32 }, (_, at) => at.toString(16).padStart(2, '0').toUpperCase()).join(':');
  return { role: 'client' as const, fingerprints: [{ algorithm: 'sha-256' as const, value }] };
}
