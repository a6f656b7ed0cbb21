import { CallError, type Clock, type Log, type Rate, randomId, TokenBucket } from '../base/index.ts';
import { webhookSignature } from './webhook-signature.ts';

/** People wait for the answer. A backend that takes longer should take the event and work on it later. */
const ANSWER_LIMIT_MS = 5_000;

/** Sockets and memory that a backend which hangs may hold. */
const MAX_UNANSWERED = 64;

/** A backend that is down is one line a second, whatever is asked of it. */
const WARNINGS: Rate = { perSecond: 1, burst: 5 };

/** What the backend is told. Ids only: names and keys are not the server's to know. */
export interface WebhookEvent {
  /** Past tense, with a dot: `call.invited`. */
  readonly type: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface WebhookOptions {
  readonly url: string;
  readonly key: Uint8Array;
  readonly clock: Clock;
  readonly log: Log;
  readonly answerLimitMs?: number;
}

/** Tells the messenger's backend what happens here, signed so that it knows who says it (docs/webhooks.md). */
export class Webhook {
  readonly #options: WebhookOptions;
  readonly #warnings: TokenBucket;
  #unanswered = 0;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#warnings = new TokenBucket(WARNINGS, options.clock.nowMs());
  }

  /** Resolves when the backend has taken the event (2xx). Tries once. @throws CallError `unavailable`, without saying why */
  async tell(event: WebhookEvent): Promise<void> {
    if (this.#unanswered >= MAX_UNANSWERED) throw this.#failure('too many unanswered');
    this.#unanswered += 1;
    try {
      const status = await this.#post(event);
      if (status < 200 || status > 299) throw this.#failure(`status ${status}`);
    } catch (error) {
      throw error instanceof CallError ? error : this.#failure(causeOf(error));
    } finally {
      this.#unanswered -= 1;
    }
  }

  async #post({ type, fields }: WebhookEvent): Promise<number> {
    const { url, key, answerLimitMs = ANSWER_LIMIT_MS } = this.#options;
    const id = randomId();
    const at = new Date();
    const timestampS = Math.floor(at.getTime() / 1000);
    const body = JSON.stringify({ type, timestamp: at.toISOString(), data: fields });
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(timestampS),
        'webhook-signature': webhookSignature({ id, timestampS, body }, key),
      },
      body,
      redirect: 'manual', // a signed event is for one address
      signal: AbortSignal.timeout(answerLimitMs),
    });
    await response.body?.cancel(); // whatever it says beside the status, and however long, is not read
    return response.status;
  }

  #failure(reason: string): CallError {
    const { log, clock } = this.#options;
    if (this.#warnings.take(1, clock.nowMs())) log.warn('webhook failed', { reason });
    return new CallError('unavailable', 'the backend did not take it');
  }
}

/** A word such as ECONNREFUSED or TimeoutError: messages may hold the address. */
function causeOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: unknown }; name?: unknown };
  return String(cause?.code ?? name);
}
