import type { types } from 'mediasoup-client';
import type { ConsumerId } from '../base/index.ts';
import type { FrameTransform } from './frame-transform.ts';
import type { SignalingSocket, ValueOf } from './signaling-socket.ts';

/** The way from the server for as long as one join lasts. */
export interface Downlink {
  /** Those that are asked for while one is being set up are set up together: one renegotiation for all. */
  consume(opened: ValueOf<'consumerOpened'>): Promise<{ readonly track: MediaStreamTrack; close(): void }>;
  /** Lets a consumer flow, now that it has a receiver. */
  ready(consumerId: ConsumerId): void;
}

export function openDownlink(transport: types.Transport, socket: SignalingSocket, frames: FrameTransform): Downlink {
  return {
    consume: ({ consumerId, producerId, peerId, source, kind, rtpParameters }) =>
      transport.consume({
        id: consumerId,
        producerId,
        kind,
        rtpParameters: rtpParameters as types.RtpParameters, // the same shape, checked at the border
        // Browsers keep the streams of one id in step: lips with the camera, a film's sound with the screen.
        streamId: `${peerId}-${source === 'screen' || source === 'screen-audio' ? 'screen' : 'face'}`,
        onRtpReceiver: (receiver) => frames.attachReceiver(receiver),
      }),
    ready: (consumerId) => socket.intend({ case: 'consumerReady', value: { consumerId } }),
  };
}
