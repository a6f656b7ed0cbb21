import type { types } from 'mediasoup-client';
import { CallError, type Log, type ProducerId } from '../base/index.ts';
import type { Codec } from '../crypto/index.ts';
import type { Source } from '../wire/index.ts';
import type { CameraCodec } from './camera-codec.ts';
import { codecOf } from './codec.ts';
import type { E2ee } from './e2ee/e2ee.ts';
import { type EncodingPlan, encodingPlan } from './encodings.ts';
import type { LocalTrack } from './local-track.ts';
import { Pending } from './pending.ts';
import { SentStream } from './sent-stream.ts';
import type { Session } from './session.ts';

/** One stream on its way to the server. */
export interface Outgoing {
  /** From now on sends this one in its place: nothing is negotiated, and the server notices nothing. */
  replaceTrack(track: MediaStreamTrack): Promise<void>;
  setMuted(state: { readonly muted: boolean }): Promise<void>;
  close(): void;
}

/** The way to the server for as long as one worker carries it. */
export interface Uplink {
  /** Begins when nothing is held. Throws CallError as the server refuses it. */
  produce(track: LocalTrack): Promise<Outgoing>;
  /** What others watch of a video: nothing above it is sent, nor encoded. */
  layersWanted(producerId: ProducerId, top: number | undefined): void;
  /**
   * While held, no media leaves this device. Nothing is negotiated meanwhile either: the browser turns on each stream of a simulcast
   * that the other side's description calls sent, and what would turn it off again may wait for the server.
   */
  hold(state: { readonly held: boolean }): void;
}

export interface UplinkOptions {
  readonly e2ee: E2ee;
  readonly log: Log;
  /** Asked where the browser and the server both know VP9. */
  readonly cameraCodec: () => Promise<CameraCodec>;
}

/** What goes through mediasoup-client to its `produce` event. */
interface Making {
  readonly source: Source;
  readonly paused: boolean;
  stream: SentStream | undefined;
  /** The server's answer; `undefined` when it refused, or was not asked. */
  answer: Promise<ProducerId | undefined>;
}

export function openUplink(
  transport: types.Transport,
  { link, device }: Pick<Session, 'link' | 'device'>,
  { e2ee, log, cameraCodec }: UplinkOptions,
): Uplink {
  const streams = new Set<SentStream>();
  const watched = new Map<ProducerId, SentStream>();
  let held = false;
  let released = new Pending<void>();
  released.resolve();
  transport.observer.once('close', () => released.resolve()); // who waits is told that the path is closed

  const capabilityOf = (codec: Codec) =>
    device.sendRtpCapabilities.codecs?.find(({ mimeType }) => codecOf(mimeType) === codec);
  const planOf = async (source: Source): Promise<EncodingPlan> =>
    encodingPlan(source, source === 'camera' && capabilityOf('vp9') ? await cameraCodec() : 'vp8');
  const withdraw = (producerId: ProducerId) => {
    link.request({ case: 'closeProducer', value: { producerId } }, 'done').catch(() => undefined); // it is gone either way
  };

  transport.on('produce', ({ rtpParameters, appData }, produced, failed) => {
    const making = appData as unknown as Making;
    const { source, paused } = making;
    for (const stream of streams) stream.set({}); // what was negotiated just now may have turned on what is held
    const value = { source, rtpParameters, paused, transportId: transport.id };
    const asked = link.request({ case: 'produce', value }, 'produce');
    making.answer = asked.then(
      ({ producerId }) => {
        if (making.stream) watched.set(producerId, making.stream); // before the next fact comes, which may be about it
        produced({ id: producerId });
        return producerId;
      },
      (error) => {
        failed(error);
        return undefined;
      },
    );
  });

  return {
    async produce({ source, mediaStreamTrack, muted }) {
      const plan = await planOf(source);
      while (held && !transport.closed) await released.promise;
      if (transport.closed) throw new CallError('unavailable', 'the path is closed');
      const { codec, encodings, codecOptions } = plan;
      const capability = capabilityOf(codec);
      if (!capability) throw new CallError('forbidden', `this browser does not encode ${codec}`);
      const making: Making = { source, paused: muted, stream: undefined, answer: Promise.resolve(undefined) };
      const forget = (producerId: ProducerId | undefined) => {
        if (making.stream) streams.delete(making.stream);
        if (producerId !== undefined) watched.delete(producerId);
      };
      try {
        const producer = await transport.produce({
          track: mediaStreamTrack,
          codec: capability, // named, because how a frame is sealed depends on it
          codecOptions: { ...codecOptions },
          ...(encodings && { encodings: encodings.map((encoding) => ({ ...encoding })) }),
          // The capture outlives the producer (a reconnect publishes it again), and muting is the publisher's part.
          stopTracks: false,
          disableTrackOnPause: false,
          onRtpSender: (sender) => {
            e2ee.attachSender(sender, { source, codec });
            making.stream = new SentStream(sender, plan, log);
            streams.add(making.stream);
            making.stream.set({ held }); // before anything is negotiated
          },
          appData: making as unknown as types.AppData,
        });
        making.stream?.negotiated(producer);
        const producerId = producer.id as ProducerId;
        return {
          async replaceTrack(track) {
            if (!producer.closed) await producer.replaceTrack({ track });
          },
          async setMuted({ muted: paused }) {
            await link.request({ case: 'setProducerPaused', value: { producerId, paused } }, 'done');
          },
          close() {
            if (producer.closed) return;
            forget(producerId);
            withdraw(producerId);
            void released.promise.then(() => producer.close()); // which negotiates
          },
        };
      } catch (error) {
        const producerId = await making.answer; // what came to nothing here may stand there, and in the way of the next try
        forget(producerId);
        if (producerId !== undefined) withdraw(producerId);
        throw error;
      }
    },
    layersWanted: (producerId, top) => watched.get(producerId)?.set({ top }),
    hold(state) {
      if (state.held && !held) released = new Pending();
      if (!state.held) released.resolve();
      held = state.held;
      for (const stream of streams) stream.set({ held });
    },
  };
}
