import { ortc, type types } from 'mediasoup';

/**
 * What every router routes, in the order in which clients prefer it. The payload types are fixed, so that all routers on all
 * workers say the same; mediasoup gives RTX the lowest free ones, here 102 and 104.
 */
export const CODECS: types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    preferredPayloadType: 100,
    clockRate: 48_000,
    channels: 2,
    // What the server asks senders for: a silent one sends 7 packets a second instead of 50, and one lost packet is heard in the next.
    parameters: { usedtx: 1, useinbandfec: 1 },
  },
  { kind: 'video', mimeType: 'video/VP8', preferredPayloadType: 101, clockRate: 90_000 },
  {
    kind: 'video',
    mimeType: 'video/VP9',
    preferredPayloadType: 103,
    clockRate: 90_000,
    // 8 bits per sample: the only profile that every browser encodes.
    parameters: { 'profile-id': 0 },
  },
];

/** What a router that was created with `CODECS` says of itself. */
export const ROUTER_RTP_CAPABILITIES: types.RtpCapabilities = ortc.generateRouterRtpCapabilities(CODECS);
