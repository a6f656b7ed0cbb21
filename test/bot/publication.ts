import { randomInt } from 'node:crypto';
import type { ProducerId } from '../../src/base/index.ts';
import type { StreamSealer } from '../../src/client/e2ee/frame-keys.ts';
import type { AnyRtpParameters, Source } from '../../src/wire/index.ts';
import type { NodeSession, ValueOf } from '../support/node-session.ts';
import type { MediaSource, SendFrame } from './media-source.ts';
import { EXTENSION_IDS, type OutgoingStream } from './outgoing-stream.ts';
import type { Uplink } from './uplink.ts';

const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const TRANSPORT_SEQUENCE = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const AUDIO_LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** Both codecs as libwebrtc numbers them. */
const OPUS = {
  mimeType: 'audio/opus',
  payloadType: 111,
  clockRate: 48_000,
  channels: 2,
  parameters: { minptime: 10, useinbandfec: 1, usedtx: 1 },
  rtcpFeedback: [{ type: 'transport-cc' }],
};
const VP8 = {
  mimeType: 'video/VP8',
  payloadType: 96,
  clockRate: 90_000,
  rtcpFeedback: [{ type: 'transport-cc' }, { type: 'nack' }, { type: 'nack', parameter: 'pli' }],
};
const VP8_RTX = { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: VP8.payloadType } };

/** What a publication needs of its bot. */
export interface PublicationOptions {
  readonly source: Source;
  readonly media: MediaSource;
  readonly sealer: StreamSealer;
  readonly link: NodeSession['link'];
  /** Names all streams of one bot. */
  readonly cname: string;
}

/** Frames of one source since it was published; of all layers. */
export interface SentCounts {
  readonly frames: number;
  /** Not sent, for want of a key. */
  readonly refused: number;
}

export const NOTHING_SENT: SentCounts = { frames: 0, refused: 0 };

/** One source of a bot on its way out: its frames are sealed, and leave in the order in which they came. */
export class Publication {
  readonly #options: PublicationOptions;
  readonly #counts = { ...NOTHING_SENT };
  #outgoing: { readonly streams: readonly OutgoingStream[]; readonly uplink: Uplink } | undefined;
  #sealing: Promise<void> = Promise.resolve();
  #stop: (() => void) | undefined;
  #producerId: ProducerId | undefined;
  #muted = false;

  constructor(options: PublicationOptions) {
    this.#options = options;
  }

  /** Grows as frames are sent. */
  get counts(): SentCounts {
    return this.#counts;
  }

  get isMuted(): boolean {
    return this.#muted;
  }

  /** Publishes over this path; what went over another one has ended. @throws CallError as the server refuses it. */
  async open(uplink: Uplink): Promise<void> {
    const { source, media, link } = this.#options;
    this.#detach();
    const { rtpParameters, streams } = this.#negotiate(uplink);
    this.#outgoing = { streams, uplink };
    const request = { source, rtpParameters, paused: this.#muted };
    this.#producerId = (await link.request({ case: 'produce', value: request }, 'produce')).producerId;
    this.#stop ??= media.start((layer, frame, notes) => this.#seal(layer, frame, notes));
  }

  /** Mutes at once, and unmutes when the server knows: it drops what comes before. */
  async setMuted({ muted }: { readonly muted: boolean }): Promise<void> {
    if (muted) this.#muted = true;
    if (this.#producerId !== undefined) {
      const value = { producerId: this.#producerId, paused: muted };
      await this.#options.link.request({ case: 'setProducerPaused', value }, 'done');
    }
    if (!muted) this.#muted = false;
  }

  /** What the server says about anything that this bot publishes. */
  layersWanted({ producerId, spatialLayer }: ValueOf<'layersWanted'>): void {
    if (producerId === this.#producerId) this.#options.media.layersWanted(spatialLayer);
  }

  close(): void {
    this.#stop?.();
    this.#detach();
    this.#options.sealer.close();
  }

  #detach(): void {
    for (const stream of this.#outgoing?.streams ?? []) this.#outgoing?.uplink.remove(stream);
    this.#outgoing = undefined;
  }

  #negotiate(uplink: Uplink) {
    const { media, cname, source } = this.#options;
    const isAudio = media.codec === 'opus';
    const mid = source;
    const streams: OutgoingStream[] = [];
    const encodings = Array.from({ length: media.layers }, (_, layer) => {
      const ssrc = randomInt(1, 2 ** 31);
      const rtxSsrc = isAudio ? undefined : ssrc + 2 ** 31 - 1;
      const { payloadType, clockRate } = isAudio ? OPUS : VP8;
      const keyFrameWanted = () => media.keyFrameWanted(layer);
      const common = { codec: media.codec, mid, ssrc, rtxSsrc, payloadType, clockRate, cname, keyFrameWanted };
      streams.push(uplink.add({ ...common, rtxPayloadType: isAudio ? undefined : VP8_RTX.payloadType }));
      return rtxSsrc === undefined ? { ssrc, dtx: true } : { ssrc, rtx: { ssrc: rtxSsrc } };
    });
    const headerExtensions = [
      { uri: MID, id: EXTENSION_IDS.mid },
      { uri: TRANSPORT_SEQUENCE, id: EXTENSION_IDS.transportSequence },
      ...(isAudio ? [{ uri: AUDIO_LEVEL, id: EXTENSION_IDS.audioLevel }] : []),
    ];
    const codecs = isAudio ? [OPUS] : [VP8, VP8_RTX];
    const rtpParameters: AnyRtpParameters = { mid, codecs, headerExtensions, encodings, rtcp: { cname } };
    return { rtpParameters, streams };
  }

  #seal(...[layer, frame, notes]: Parameters<SendFrame>): void {
    if (this.#muted) return;
    const sealing = this.#options.sealer.seal(new Uint8Array(frame).buffer);
    this.#sealing = this.#sealing.then(async () => {
      const outcome = await sealing;
      if (outcome.kind !== 'sealed') {
        this.#counts.refused += 1;
        return;
      }
      this.#counts.frames += 1;
      this.#outgoing?.streams[layer]?.send(new Uint8Array(outcome.bytes), notes);
    });
  }
}
