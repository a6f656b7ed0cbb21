import type { ConsumerId } from '../../src/base/index.ts';
import type { TransportParameters } from '../../src/wire/index.ts';
import { headerExtension, parseRtpPacket } from '../support/rtp-packet.ts';
import type { PathOptions } from './dtls-path.ts';
import type { IncomingStream } from './incoming-stream.ts';
import { MediaPath } from './media-path.ts';
import { readRtcp, writeReceiverReport } from './rtcp.ts';
import { TransportFeedback } from './transport-feedback.ts';

/** NACKs and transport-wide feedback: as often as browsers send the latter. */
const FEEDBACK_EVERY_MS = 50;

/** Receiver reports are due once in so many. */
const FEEDBACKS_PER_REPORT = 20;

/** One packet holds so many reports. */
const MAX_REPORTS = 31;

const OWN_SSRC = 1;

/** The path on which a bot receives: gives every packet to its stream, and tells the server what came, as browsers do. */
export class Downlink {
  readonly #path: MediaPath;
  readonly #transportSequenceId: number;
  readonly #arrivals = new TransportFeedback();
  readonly #bySsrc = new Map<number, IncomingStream>();
  readonly #byConsumer = new Map<ConsumerId, IncomingStream>();
  readonly #timer: NodeJS.Timeout;
  #feedbacks = 0;

  /** `transportSequenceId` names the header extension that numbers the packets of a path. */
  constructor(parameters: TransportParameters, transportSequenceId: number, options: PathOptions) {
    this.#transportSequenceId = transportSequenceId;
    this.#path = new MediaPath(parameters, {
      ...options,
      rtp: (packet) => this.#rtp(packet),
      rtcp: (compound) => this.#rtcp(compound),
    });
    this.#timer = setInterval(() => this.#feedback(), FEEDBACK_EVERY_MS);
  }

  /** Streams may be added before. */
  open(): Promise<void> {
    return this.#path.open();
  }

  add(consumerId: ConsumerId, stream: IncomingStream): void {
    this.#byConsumer.set(consumerId, stream);
    this.#bySsrc.set(stream.ssrc, stream);
    if (stream.rtxSsrc !== undefined) this.#bySsrc.set(stream.rtxSsrc, stream);
  }

  remove(consumerId: ConsumerId): void {
    const stream = this.#byConsumer.get(consumerId);
    if (!stream) return;
    this.#byConsumer.delete(consumerId);
    this.#bySsrc.delete(stream.ssrc);
    if (stream.rtxSsrc !== undefined) this.#bySsrc.delete(stream.rtxSsrc);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#path.close();
  }

  #rtp(bytes: Buffer): void {
    const nowMs = performance.now();
    const number = headerExtension(bytes, this.#transportSequenceId);
    if (number) this.#arrivals.received(number.readUInt16BE(), nowMs);
    const packet = parseRtpPacket(bytes);
    if (packet) this.#bySsrc.get(packet.ssrc)?.received(packet, nowMs);
  }

  #rtcp(compound: Buffer): void {
    for (const news of readRtcp(compound))
      if (news.kind === 'sender-report') this.#bySsrc.get(news.ssrc)?.senderReported(news.ntpMiddle, performance.now());
  }

  #feedback(): void {
    const nowMs = performance.now();
    const streams = [...this.#byConsumer.values()];
    const packets = streams.flatMap((stream) => stream.feedback(OWN_SSRC, nowMs));
    const arrived = this.#arrivals.take(OWN_SSRC, streams[0]?.ssrc ?? 0);
    if (arrived) packets.push(arrived);
    this.#feedbacks += 1;
    if (this.#feedbacks % FEEDBACKS_PER_REPORT === 0) {
      const reports = streams.flatMap((stream) => stream.report(nowMs) ?? []);
      for (let at = 0; at < reports.length; at += MAX_REPORTS)
        packets.push(writeReceiverReport(OWN_SSRC, reports.slice(at, at + MAX_REPORTS)));
    }
    if (packets.length > 0) this.#path.sendRtcp(Buffer.concat(packets));
  }
}
