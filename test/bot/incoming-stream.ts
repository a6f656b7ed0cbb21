import type { StreamOpener } from '../../src/client/e2ee/frame-keys.ts';
import type { Codec, DropReason } from '../../src/crypto/index.ts';
import type { ValueOf } from '../support/node-session.ts';
import type { RtpPacket } from '../support/rtp-packet.ts';
import { FrameAssembler } from './frame-assembler.ts';
import { LossWatch } from './loss-watch.ts';
import { type ReportBlock, writeNack, writePictureLoss } from './rtcp.ts';
import { nearestIndex } from './srtp.ts';

const CODECS: Readonly<Record<string, Codec>> = { 'audio/opus': 'opus', 'video/VP8': 'vp8', 'video/VP9': 'vp9' };

/** Longer than the way to the sender and back: browsers wait about as long. */
const PICTURE_LOSS_EVERY_MS = 500;

/** How much a new packet counts in the jitter (RFC 3550, section 6.4.1). */
const JITTER_SHARE = 1 / 16;

/** What came of one stream of somebody else, since it was first consumed. */
export interface StreamCounts {
  readonly packets: number;
  readonly bytes: number;
  /** Packets that never came, however often they were asked for. */
  readonly lost: number;
  /** Encoded frames of which every packet came. */
  readonly frames: number;
  readonly opened: number;
  /** Why the others did not open; empty when all did. */
  readonly drops: Readonly<Partial<Record<DropReason, number>>>;
  /** On the clock of performance.now(), as the next one; `undefined` before the first frame. */
  readonly firstOpenedMs: number | undefined;
  readonly lastOpenedMs: number | undefined;
  /** The longest time between two opened frames. */
  readonly largestGapMs: number;
}

export type MutableStreamCounts = { -readonly [Key in keyof StreamCounts]: StreamCounts[Key] };

export const NO_STREAM: StreamCounts = {
  packets: 0,
  bytes: 0,
  lost: 0,
  frames: 0,
  opened: 0,
  drops: {},
  firstOpenedMs: undefined,
  lastOpenedMs: undefined,
  largestGapMs: 0,
};

export interface IncomingStreamOptions {
  readonly opened: ValueOf<'consumerOpened'>;
  readonly opener: StreamOpener;
  readonly counts: MutableStreamCounts;
}

/** The receiving end of one consumer: mends what is lost, puts frames together, opens them, and counts. Nothing is decoded. */
export class IncomingStream {
  readonly codec: Codec;
  readonly ssrc: number;
  readonly rtxSsrc: number | undefined;
  readonly #clockRate: number;
  readonly #opener: StreamOpener;
  readonly #counts: MutableStreamCounts;
  readonly #assembler: FrameAssembler;
  readonly #losses = new LossWatch();
  #first: number | undefined;
  #highest: number | undefined;
  #packets = 0;
  #reported = { expected: 0, packets: 0 };
  #transit: number | undefined;
  #jitter = 0;
  #senderReport: { readonly ntpMiddle: number; readonly atMs: number } | undefined;
  #pictureLossMs = Number.NEGATIVE_INFINITY;

  constructor({ opened, opener, counts }: IncomingStreamOptions) {
    const { codecs, encodings } = opened.rtpParameters;
    const [encoding] = encodings;
    if (encoding?.ssrc === undefined) throw new Error('the server always names the SSRC');
    this.codec = codecOf(opened);
    this.ssrc = encoding.ssrc;
    this.rtxSsrc = encoding.rtx?.ssrc;
    this.#clockRate = codecs[0]?.clockRate ?? 0;
    this.#opener = opener;
    this.#counts = counts;
    this.#assembler = new FrameAssembler(this.codec);
  }

  received(packet: RtpPacket, nowMs: number): void {
    if (packet.ssrc !== this.ssrc) {
      const original = retransmitted(packet, this.ssrc);
      if (original) this.#take(original, nowMs);
      return;
    }
    this.#measureJitter(packet, nowMs);
    this.#take(packet, nowMs);
  }

  senderReported(ntpMiddle: number, nowMs: number): void {
    this.#senderReport = { ntpMiddle, atMs: nowMs };
  }

  /** NACKs and PLIs that are due. */
  feedback(ownSsrc: number, nowMs: number): Buffer[] {
    const { ask, gaveUp } = this.#losses.tick(nowMs);
    this.#counts.lost = this.#losses.lost;
    const packets: Buffer[] = [];
    const sequences = ask.map((index) => index & 0xffff);
    if (sequences.length > 0 && this.codec !== 'opus') packets.push(writeNack(ownSsrc, this.ssrc, sequences));
    if (gaveUp && this.codec !== 'opus' && nowMs - this.#pictureLossMs >= PICTURE_LOSS_EVERY_MS) {
      this.#pictureLossMs = nowMs;
      packets.push(writePictureLoss(ownSsrc, this.ssrc));
    }
    return packets;
  }

  /** `undefined` before the first packet. */
  report(nowMs: number): ReportBlock | undefined {
    if (this.#first === undefined || this.#highest === undefined) return undefined;
    const expected = this.#highest - this.#first + 1;
    const expectedSince = expected - this.#reported.expected;
    const lostSince = Math.max(0, expectedSince - (this.#packets - this.#reported.packets));
    this.#reported = { expected, packets: this.#packets };
    return {
      ssrc: this.ssrc,
      fractionLost: expectedSince > 0 ? Math.min(255, Math.floor((256 * lostSince) / expectedSince)) : 0,
      cumulativeLost: Math.max(0, expected - this.#packets),
      highestIndex: this.#highest,
      jitter: Math.round(this.#jitter),
      lastReport: this.#senderReport?.ntpMiddle ?? 0,
      sinceLastReport: this.#senderReport ? Math.round((nowMs - this.#senderReport.atMs) * 65.536) : 0,
    };
  }

  #take(packet: RtpPacket, nowMs: number): void {
    const index = nearestIndex(this.#highest, packet.sequence);
    this.#first ??= index;
    this.#highest = Math.max(this.#highest ?? index, index);
    if (!this.#losses.received(index, nowMs)) return;
    this.#packets += 1;
    this.#counts.packets += 1;
    this.#counts.bytes += packet.payload.length;
    const frame = this.#assembler.add(index, packet);
    if (frame) void this.#open(frame.buffer);
  }

  async #open(frame: ArrayBuffer): Promise<void> {
    const counts = this.#counts;
    counts.frames += 1;
    const outcome = await this.#opener.open(frame);
    if (outcome.kind === 'dropped') {
      counts.drops = { ...counts.drops, [outcome.reason]: (counts.drops[outcome.reason] ?? 0) + 1 };
      return;
    }
    const nowMs = performance.now();
    counts.opened += 1;
    counts.firstOpenedMs ??= nowMs;
    counts.largestGapMs = Math.max(counts.largestGapMs, nowMs - (counts.lastOpenedMs ?? nowMs));
    counts.lastOpenedMs = nowMs;
  }

  #measureJitter({ timestamp }: RtpPacket, nowMs: number): void {
    const transit = (nowMs / 1_000) * this.#clockRate - timestamp;
    const change = Math.abs(transit - (this.#transit ?? transit));
    this.#transit = transit;
    this.#jitter += (change - this.#jitter) * JITTER_SHARE;
  }
}

/** @throws for a codec that bots do not know. */
export function codecOf({ rtpParameters }: ValueOf<'consumerOpened'>): Codec {
  const codec = CODECS[rtpParameters.codecs[0]?.mimeType ?? ''];
  if (!codec) throw new Error('not a codec that a bot can receive');
  return codec;
}

/** What an RTX packet carries (RFC 4588, section 4); `undefined` for one without, with which the server probes. */
function retransmitted(packet: RtpPacket, ssrc: number): RtpPacket | undefined {
  const { payload } = packet;
  if (payload.length <= 2) return undefined;
  const sequence = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
  return { ...packet, ssrc, sequence, payload: payload.subarray(2) };
}
