import { type Log, Mailbox } from '../base/index.ts';
import type { EncodingPlan } from './encodings.ts';
import { SEND_ALL, type SendWish, sentEncodings } from './sent-layers.ts';

/** What is used of a browser's RTCRtpSender. */
export type SenderLike = Pick<RTCRtpSender, 'getParameters' | 'setParameters'>;

/** What is used of mediasoup-client's Producer. */
export interface Negotiated {
  setMaxSpatialLayer(layer: number): Promise<void>;
}

/** A wish that comes while a description is under way spoils it; three of them in a row end in silence about it. */
const MAX_TRIES = 3;

/**
 * What one sender puts out, of what was negotiated once: encodings go on and off at once, without an offer, and the first frame of
 * one that goes on is a key frame.
 */
export class SentStream {
  readonly #sender: SenderLike;
  readonly #plan: EncodingPlan;
  readonly #log: Log;
  readonly #changes = new Mailbox();
  readonly #negotiations = new Mailbox();
  #wish: SendWish = SEND_ALL;
  #negotiated: Negotiated | undefined;
  /** The highest layer that is described as sent: at first, all are. */
  #described: number;

  constructor(sender: SenderLike, plan: EncodingPlan, log: Log) {
    this.#sender = sender;
    this.#plan = plan;
    this.#log = log;
    this.#described = (plan.encodings?.length ?? 1) - 1;
  }

  /**
   * From now on negotiations of other streams leave off what is off: browsers turn on each stream of a simulcast that the other
   * side's description does not call paused (RFC 8853 section 5.3.2), and this way mediasoup-client's does.
   */
  negotiated(producer: Negotiated): void {
    this.#negotiated = producer;
    this.#describe();
  }

  /** Keeps what `change` does not name. */
  set(change: Partial<SendWish>): void {
    this.#wish = { ...this.#wish, ...change };
    this.#put();
    this.#describe();
  }

  #put(): void {
    void this.#changes.run(async () => {
      try {
        const parameters = this.#sender.getParameters();
        const encodings = this.#encodings;
        const { degradationPreference } = this.#plan;
        const before = JSON.stringify(parameters);
        for (const [index, encoding] of parameters.encodings.entries()) Object.assign(encoding, encodings[index]);
        if (degradationPreference) parameters.degradationPreference = degradationPreference;
        if (JSON.stringify(parameters) !== before) await this.#sender.setParameters(parameters);
      } catch (error) {
        this.#log.warn('encodings not set', { error });
      }
    });
  }

  /** Waits for negotiations that are under way, so apart from the changes themselves. */
  #describe(): void {
    const producer = this.#negotiated;
    if (!producer || (this.#plan.encodings?.length ?? 1) < 2) return;
    void this.#negotiations.run(async () => {
      const highest = this.#encodings.findLastIndex(({ active }) => active);
      if (highest === this.#described) return;
      this.#described = highest;
      if (!(await this.#describeAs(producer, highest))) this.#described = Number.NaN; // the next wish says it again
      this.#put(); // what was wished while it was under way
    });
  }

  /** Parameters that are being set by both at once are refused to one of the two (W3C webrtc, getParameters): then once more. */
  async #describeAs(producer: Negotiated, highest: number): Promise<boolean> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      await this.#changes.idle();
      const done = await producer.setMaxSpatialLayer(highest).then(
        () => true,
        () => false, // closed meanwhile, or refused
      );
      if (done) return true;
    }
    return false;
  }

  get #encodings() {
    return sentEncodings(this.#plan.encodings, this.#wish);
  }
}
