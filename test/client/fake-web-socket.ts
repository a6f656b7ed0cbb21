import type { WebSocketLike } from '../../src/client/signaling-socket.ts';
import {
  type ClientFrame,
  decodeClientFrame,
  encodeServerBody,
  joinServerFrame,
  type SentServerMessage,
} from '../../src/wire/index.ts';

/** A browser's WebSocket whose server is the test. */
export class FakeWebSocket implements WebSocketLike {
  binaryType: BinaryType = 'blob';
  readonly readyState = 1;
  onopen: WebSocketLike['onopen'] = null;
  onmessage: WebSocketLike['onmessage'] = null;
  onclose: WebSocketLike['onclose'] = null;
  readonly sent: ClientFrame[] = [];
  closed = false;

  send(frame: unknown): void {
    this.sent.push(decodeClientFrame(frame as Uint8Array));
  }
  close(): void {
    this.closed = true;
  }

  get last(): ClientFrame | undefined {
    return this.sent.at(-1);
  }

  open(): void {
    this.onopen?.call(this as unknown as WebSocket, new Event('open'));
  }
  drop(): void {
    this.onclose?.call(this as unknown as WebSocket, new Event('close') as CloseEvent);
  }
  deliver(payload: unknown): void {
    this.onmessage?.call(this as unknown as WebSocket, new MessageEvent('message', { data: payload }));
  }
  answer(id: number, body: SentServerMessage): void {
    this.deliver(joinServerFrame(id, 0, encodeServerBody(body)).buffer);
  }
  fact(seq: number, body: SentServerMessage): void {
    this.deliver(joinServerFrame(0, seq, encodeServerBody(body)).buffer);
  }
  refuse(id: number, code: string): void {
    this.answer(id, { case: 'refused', value: { code, message: 'no', retryable: false } });
  }
}
