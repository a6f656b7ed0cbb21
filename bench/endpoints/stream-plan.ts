import type { MediaKind } from '../../src/sfu/index.ts';

/** How a stream's packets are sent: all of a frame at once, as an encoder does. */
export interface StreamShape {
  readonly kind: MediaKind;
  readonly framesPerSecond: number;
  readonly packetsPerFrame: number;
  /** With VP8's payload descriptor; at least 32, of which a stamp takes 16. Audio: at least 16. */
  readonly payloadBytes: number;
  /** Beside those that the server asks for; only those when absent. */
  readonly keyFrameEveryMs?: number;
  /** Of a voice; the louder the nearer to 0. -20 when absent. */
  readonly levelDbov?: number;
}

/** A stream as one server knows it. */
export interface StreamPlan extends StreamShape {
  readonly ssrc: number;
  readonly payloadType: number;
  readonly mid?: string;
  /** Ids of header extensions; those that are absent are not sent. */
  readonly extensions?: {
    readonly mid?: number;
    readonly transportSequence?: number;
    readonly absSendTime?: number;
    readonly audioLevel?: number;
  };
}

/** A stream that an endpoint is to receive. */
export interface ExpectedStream {
  readonly ssrc: number;
  readonly kind: MediaKind;
  readonly rtxSsrc?: number | undefined;
}

/** 720p at 1.5 Mbit/s. */
export const LARGE_VIDEO: StreamShape = { kind: 'video', framesPerSecond: 30, packetsPerFrame: 5, payloadBytes: 1_200 };
/** 180p at 150 kbit/s. */
export const SMALL_VIDEO: StreamShape = { kind: 'video', framesPerSecond: 30, packetsPerFrame: 1, payloadBytes: 600 };
/** Speech at 32 kbit/s. */
export const VOICE: StreamShape = { kind: 'audio', framesPerSecond: 50, packetsPerFrame: 1, payloadBytes: 80 };

export const CLOCK_RATES: Readonly<Record<MediaKind, number>> = { video: 90_000, audio: 48_000 };
