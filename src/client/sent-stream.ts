import { type Log, Mailbox } from '../base/index.ts';
import type { EncodingPlan } from './encodings.ts';
import { SEND_ALL, type SendWish, sentEncodings } from './sent-layers.ts';

/** What is used of a browser's RTCRtpSender. */
export type SenderLike = Pick<RTCRtpSender, 'getParameters' | 'setParameters'>;

/**
 * What one sender puts out, of what was negotiated once: encodings go on and off without another offer, and the first frame of one
 * that goes on is a key frame.
 */
export class SentStream {
  readonly #sender: SenderLike;
  readonly #plan: EncodingPlan;
  readonly #log: Log;
  readonly #changes = new Mailbox();
  #wish: SendWish = SEND_ALL;

  constructor(sender: SenderLike, plan: EncodingPlan, log: Log) {
    this.#sender = sender;
    this.#plan = plan;
    this.#log = log;
  }

  /** Keeps what `change` does not name. */
  set(change: Partial<SendWish>): void {
    this.#wish = { ...this.#wish, ...change };
    void this.#changes.run(() => this.#put());
  }

  async #put(): Promise<void> {
    try {
      const parameters = this.#sender.getParameters();
      const encodings = sentEncodings(this.#plan.encodings, this.#wish);
      const { degradationPreference } = this.#plan;
      const before = JSON.stringify(parameters);
      for (const [index, encoding] of parameters.encodings.entries()) Object.assign(encoding, encodings[index]);
      if (degradationPreference) parameters.degradationPreference = degradationPreference;
      if (JSON.stringify(parameters) !== before) await this.#sender.setParameters(parameters);
    } catch (error) {
      this.#log.warn('encodings not set', { error });
    }
  }
}
