import type { types } from 'mediasoup-client';
import { CallError, type ProducerId } from '../base/index.ts';
import type { Source } from '../wire/index.ts';
import { codecOf } from './codec.ts';
import type { E2ee } from './e2ee/e2ee.ts';
import { ENCODING_PLANS } from './encodings.ts';
import type { LocalTrack } from './local-track.ts';
import type { Session } from './session.ts';

/** One stream on its way to the server. */
export interface Outgoing {
  setMuted(state: { readonly muted: boolean }): Promise<void>;
  close(): void;
}

/** The way to the server for as long as one join lasts. */
export interface Uplink {
  /** Throws CallError as the server refuses it. */
  produce(track: LocalTrack): Promise<Outgoing>;
}

export function openUplink(
  transport: types.Transport,
  { socket, device }: Pick<Session, 'socket' | 'device'>,
  e2ee: E2ee,
): Uplink {
  transport.on('produce', ({ rtpParameters, appData }, produced, failed) => {
    const { source, paused } = appData as { readonly source: Source; readonly paused: boolean };
    socket
      .request({ case: 'produce', value: { source, rtpParameters, paused } }, 'produce')
      .then(({ producerId }) => produced({ id: producerId }), failed);
  });

  return {
    async produce({ source, mediaStreamTrack, muted }) {
      if (transport.closed) throw new CallError('unavailable', 'the path is closed');
      const { codec, encodings, codecOptions } = ENCODING_PLANS[source];
      const capability = device.sendRtpCapabilities.codecs?.find(({ mimeType }) => codecOf(mimeType) === codec);
      if (!capability) throw new CallError('forbidden', `this browser does not encode ${codec}`);
      const producer = await transport.produce({
        track: mediaStreamTrack,
        codec: capability, // named, because how a frame is sealed depends on it
        codecOptions: { ...codecOptions },
        ...(encodings && { encodings: encodings.map((encoding) => ({ ...encoding })) }),
        // The capture outlives the producer (a reconnect publishes it again), and muting is the publisher's part.
        stopTracks: false,
        disableTrackOnPause: false,
        onRtpSender: (sender) => e2ee.attachSender(sender, { source, codec }),
        appData: { source, paused: muted },
      });
      const producerId = producer.id as ProducerId;
      return {
        async setMuted({ muted: paused }) {
          await socket.request({ case: 'setProducerPaused', value: { producerId, paused } }, 'done');
        },
        close() {
          if (producer.closed) return;
          producer.close();
          socket.request({ case: 'closeProducer', value: { producerId } }, 'done').catch(() => undefined); // it is gone either way
        },
      };
    },
  };
}
