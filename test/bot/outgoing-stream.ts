import type { Codec } from '../../src/crypto/index.ts';
import { type RtpPacket, writeRtpPacket } from '../support/rtp-packet.ts';
import { writeSenderReport } from './rtcp.ts';

/** With all that is around it a packet stays below 1,200 B, as browsers keep it. */
const MAX_PIECE_BYTES = 1_100;

/** What can be sent again: 2 s of a 720p layer. */
const KEPT_PACKETS = 512;

const SEQUENCE_MASK = 0xffff;
const PICTURE_ID_MASK = 0x7fff;

/** The ids that our ProduceRequests give to header extensions. */
export const EXTENSION_IDS = { mid: 4, transportSequence: 3, audioLevel: 1 } as const;

export interface OutgoingStreamOptions {
  readonly codec: Codec;
  readonly mid: string;
  readonly ssrc: number;
  readonly rtxSsrc: number | undefined;
  readonly payloadType: number;
  readonly rtxPayloadType: number | undefined;
  readonly clockRate: number;
  readonly cname: string;
  /** Numbers the packet for transport-wide feedback, and sends it. */
  readonly send: (packet: RtpPacket, extensions: readonly Extension[]) => void;
}

type Extension = readonly [id: number, value: Uint8Array];

/** What a bot says beside a frame. */
export interface FrameNotes {
  /** When it was captured, in milliseconds of an arbitrary clock that all streams of a bot share. */
  readonly capturedMs: number;
  /** RFC 6464: 0 is the loudest, 127 silence. Audio only. */
  readonly levelBelowDbov?: number;
}

/** The sending end of one stream, a simulcast layer or a microphone: packets, sender reports, and what was lost once more. */
export class OutgoingStream {
  readonly #options: OutgoingStreamOptions;
  readonly #kept: RtpPacket[] = [];
  readonly #firstTimestamp = Math.floor(Math.random() * 2 ** 31);
  #sequence = Math.floor(Math.random() * SEQUENCE_MASK);
  #rtxSequence = Math.floor(Math.random() * SEQUENCE_MASK);
  #pictureId = 0;
  #packets = 0;
  #bytes = 0;

  constructor(options: OutgoingStreamOptions) {
    this.#options = options;
  }

  get ssrc(): number {
    return this.#options.ssrc;
  }

  send(frame: Uint8Array, { capturedMs, levelBelowDbov }: FrameNotes): void {
    const { codec, payloadType, ssrc, mid } = this.#options;
    const extensions: Extension[] = [[EXTENSION_IDS.mid, Buffer.from(mid)]];
    if (levelBelowDbov !== undefined) extensions.push([EXTENSION_IDS.audioLevel, Buffer.of(levelBelowDbov | 0x80)]);
    const pieces = codec === 'opus' ? [frame] : this.#piecesOf(frame);
    pieces.forEach((payload, index) => {
      const marker = codec !== 'opus' && index === pieces.length - 1;
      const timestamp = this.#timestampAt(capturedMs);
      const packet = { ssrc, payloadType, sequence: this.#nextSequence(), timestamp, marker, payload };
      this.#kept[packet.sequence % KEPT_PACKETS] = packet;
      this.#packets += 1;
      this.#bytes += payload.length;
      this.#options.send(packet, extensions);
    });
  }

  /** Once more, as RTX (RFC 4588). */
  resend(sequences: readonly number[]): void {
    const { rtxSsrc, rtxPayloadType, mid } = this.#options;
    if (rtxSsrc === undefined || rtxPayloadType === undefined) return;
    for (const sequence of sequences) {
      const packet = this.#kept[sequence % KEPT_PACKETS];
      if (packet?.sequence !== sequence) continue;
      const payload = Buffer.concat([Buffer.of(sequence >> 8, sequence & 0xff), packet.payload]);
      this.#rtxSequence = (this.#rtxSequence + 1) & SEQUENCE_MASK;
      const again = { ...packet, ssrc: rtxSsrc, payloadType: rtxPayloadType, sequence: this.#rtxSequence, payload };
      this.#options.send(again, [[EXTENSION_IDS.mid, Buffer.from(mid)]]);
    }
  }

  /** Ties the stream's clock to the wall's: without it mediasoup switches no simulcast layer. */
  senderReport(capturedMs: number, wallMs: number): Buffer {
    const { ssrc, cname } = this.#options;
    const report = {
      ssrc,
      wallMs,
      timestamp: this.#timestampAt(capturedMs),
      packets: this.#packets,
      bytes: this.#bytes,
    };
    return writeSenderReport(report, cname);
  }

  #timestampAt(capturedMs: number): number {
    return (this.#firstTimestamp + Math.round((capturedMs * this.#options.clockRate) / 1_000)) % 2 ** 32;
  }

  #nextSequence(): number {
    this.#sequence = (this.#sequence + 1) & SEQUENCE_MASK;
    return this.#sequence;
  }

  /** Behind VP8's payload descriptor with a picture id of 15 bits and a base layer, as browsers send (RFC 7741, section 4.2). */
  #piecesOf(frame: Uint8Array): Uint8Array[] {
    this.#pictureId = (this.#pictureId + 1) & PICTURE_ID_MASK;
    const count = Math.max(1, Math.ceil(frame.length / MAX_PIECE_BYTES));
    const size = Math.ceil(frame.length / count);
    return Array.from({ length: count }, (_, index) => {
      const first = index === 0 ? 0x90 : 0x80;
      const id = [0x80 | (this.#pictureId >> 8), this.#pictureId & 0xff];
      const descriptor = Buffer.of(first, 0xe0, ...id, this.#pictureId & 0xff, 0);
      return Buffer.concat([descriptor, frame.subarray(index * size, (index + 1) * size)]);
    });
  }
}

/** The bytes of a packet as it goes out. */
export function writeOutgoing(packet: RtpPacket, extensions: readonly Extension[], transportSequence: number): Buffer {
  const number = Buffer.of((transportSequence >> 8) & 0xff, transportSequence & 0xff);
  return writeRtpPacket(packet, [...extensions, [EXTENSION_IDS.transportSequence, number]]);
}
