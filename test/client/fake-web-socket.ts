import type { SessionId } from '../../src/base/index.ts';
import type { WebSocketLike } from '../../src/client/signaling-socket.ts';
import {
  type ClientFrame,
  decodeClientFrame,
  encodeServerBody,
  joinServerFrame,
  type SentServerMessage,
} from '../../src/wire/index.ts';

/** What the server of these tests answers to Hello. */
export const WELCOME = {
  routerRtpCapabilities: {
    codecs: [
      {
        kind: 'audio',
        mimeType: 'audio/opus',
        preferredPayloadType: 100,
        clockRate: 48_000,
        channels: 2,
        parameters: {},
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [],
  },
  idleTimeoutMs: 15_000,
  sessionId: 'session' as SessionId,
  resumeSecret: new Uint8Array(32).fill(7),
  resumeWindowMs: 30_000,
} as const satisfies Extract<SentServerMessage, { case: 'hello' }>['value'];

/** A browser's WebSocket whose server is the test. */
export class FakeWebSocket implements WebSocketLike {
  binaryType: BinaryType = 'blob';
  readonly readyState = 1;
  onopen: WebSocketLike['onopen'] = null;
  onmessage: WebSocketLike['onmessage'] = null;
  onclose: WebSocketLike['onclose'] = null;
  readonly sent: ClientFrame[] = [];
  closed = false;
  closeCode: number | undefined;
  /** Of the last answer or fact. */
  seq = 0;

  send(frame: unknown): void {
    this.sent.push(decodeClientFrame(frame as Uint8Array));
  }
  close(code?: number): void {
    this.closed = true;
    this.closeCode = code;
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
  /** Numbered as the next, but for the answers to Hello. */
  answer(id: number, body: SentServerMessage): void {
    const isNumbered = body.case !== 'hello' && body.case !== 'resumed';
    if (isNumbered) this.seq += 1;
    this.deliver(joinServerFrame(id, isNumbered ? this.seq : 0, encodeServerBody(body)).buffer);
  }
  fact(seq: number, body: SentServerMessage): void {
    this.seq = seq;
    this.deliver(joinServerFrame(0, seq, encodeServerBody(body)).buffer);
  }
  refuse(id: number, code: string): void {
    this.answer(id, { case: 'refused', value: { code, message: 'no', retryable: false } });
  }
}
