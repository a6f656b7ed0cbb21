import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One event as it came in. */
export interface TakenEvent {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A messenger's backend: a real HTTP server on loopback that keeps what it is told, and answers as the test wants. */
export class WebhookBackend {
  readonly key = randomBytes(32);
  readonly taken: TakenEvent[] = [];
  /** What it does when an event has come in whole. */
  answer: RequestListener = (_, response) => void response.writeHead(204).end();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      let body = '';
      for await (const piece of request) body += piece;
      this.taken.push({ headers: request.headers, body });
      this.answer(request, response);
    });
  }

  static async open(): Promise<WebhookBackend> {
    const backend = new WebhookBackend();
    backend.#server.listen(0, '127.0.0.1');
    await once(backend.#server, 'listening');
    return backend;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/events`;
  }

  /** As docs/webhooks.md tells backends to, and written from it alone. */
  believes({ headers, body }: TakenEvent, nowMs = Date.now()): boolean {
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
    if (Math.abs(nowMs / 1000 - Number(timestamp)) > 300) return false;
    const expected = createHmac('sha256', this.key).update(`${id}.${timestamp}.${body}`).digest();
    const [version, given = ''] = String(signature).split(',');
    const bytes = Buffer.from(given, 'base64');
    return version === 'v1' && bytes.byteLength === expected.byteLength && timingSafeEqual(bytes, expected);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
