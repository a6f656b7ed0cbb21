import type { TransportParameters } from '../../src/wire/index.ts';
import type { RtpPacket } from '../support/rtp-packet.ts';
import type { PathOptions } from './dtls-path.ts';
import { MediaPath } from './media-path.ts';
import { OutgoingStream, type OutgoingStreamOptions, writeOutgoing } from './outgoing-stream.ts';
import { readRtcp } from './rtcp.ts';

/** Twice as often as browsers, so that a new layer can be switched to soon. */
const REPORT_EVERY_MS = 500;

export type UplinkStreamOptions = Omit<OutgoingStreamOptions, 'send'> & { readonly keyFrameWanted: () => void };

/** The path on which a bot sends: numbers packets for the whole path, reports, and answers what the server asks for. */
export class Uplink {
  readonly #path: MediaPath;
  readonly #streams = new Map<number, { readonly stream: OutgoingStream; readonly keyFrameWanted: () => void }>();
  readonly #timer: NodeJS.Timeout;
  #transportSequence = 0;

  constructor(parameters: TransportParameters, options: PathOptions) {
    this.#path = new MediaPath(parameters, {
      ...options,
      rtp: () => undefined,
      rtcp: (compound) => this.#rtcp(compound),
    });
    this.#timer = setInterval(() => this.#report(), REPORT_EVERY_MS);
  }

  open(): Promise<void> {
    return this.#path.open();
  }

  add({ keyFrameWanted, ...options }: UplinkStreamOptions): OutgoingStream {
    const stream = new OutgoingStream({ ...options, send: (packet, extensions) => this.#send(packet, extensions) });
    this.#streams.set(stream.ssrc, { stream, keyFrameWanted });
    return stream;
  }

  remove(stream: OutgoingStream): void {
    this.#streams.delete(stream.ssrc);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#path.close();
  }

  #send(packet: RtpPacket, extensions: Parameters<typeof writeOutgoing>[1]): void {
    this.#transportSequence = (this.#transportSequence + 1) & 0xffff;
    this.#path.sendRtp(writeOutgoing(packet, extensions, this.#transportSequence));
  }

  #report(): void {
    const [capturedMs, wallMs] = [performance.now(), Date.now()];
    for (const { stream } of this.#streams.values()) this.#path.sendRtcp(stream.senderReport(capturedMs, wallMs));
  }

  #rtcp(compound: Buffer): void {
    for (const news of readRtcp(compound)) {
      if (news.kind === 'nack') this.#streams.get(news.ssrc)?.stream.resend(news.sequences);
      if (news.kind === 'picture-loss') this.#streams.get(news.ssrc)?.keyFrameWanted();
    }
  }
}
