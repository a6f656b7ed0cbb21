import type { types } from 'mediasoup-client';
import { CallError, type ConsumerId, type MemberId } from '../base/index.ts';
import { codecOf } from './codec.ts';
import type { E2ee } from './e2ee/e2ee.ts';
import type { SignalingLink, ValueOf } from './signaling-link.ts';

/** The way from the server for as long as one join lasts. */
export interface Downlink {
  /** Those that are asked for while one is being set up are set up together: one renegotiation for all. */
  consume(
    opened: ValueOf<'consumerOpened'>,
    from: MemberId,
  ): Promise<{ readonly track: MediaStreamTrack; close(): void }>;
  /** Lets a consumer flow, now that it has a receiver. */
  ready(consumerId: ConsumerId): void;
}

export function openDownlink(transport: types.Transport, link: SignalingLink, e2ee: E2ee): Downlink {
  return {
    async consume({ consumerId, producerId, peerId, source, kind, rtpParameters }, memberId) {
      const codec = codecOf(rtpParameters.codecs[0]?.mimeType ?? '');
      if (!codec) throw new CallError('forbidden', 'a codec whose frames are not sealed');
      return await transport.consume({
        id: consumerId,
        producerId,
        kind,
        rtpParameters: rtpParameters as types.RtpParameters, // the same shape, checked at the border
        // Browsers keep the streams of one id in step: lips with the camera, a film's sound with the screen.
        streamId: `${peerId}-${source === 'screen' || source === 'screen-audio' ? 'screen' : 'face'}`,
        onRtpReceiver: (receiver) => e2ee.attachReceiver(receiver, { memberId, source, codec }),
      });
    },
    ready: (consumerId) => link.intend({ case: 'consumerReady', value: { consumerId } }),
  };
}
