import { CallError } from '../base/index.ts';
import { decodeServerFrame, type ServerFrame } from '../wire/index.ts';

export const SUBPROTOCOL = 'conclave.v1';

/** What is used of a browser's WebSocket. */
export type WebSocketLike = Pick<
  WebSocket,
  'binaryType' | 'readyState' | 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose'
>;
export type OpenWebSocket = (url: string, subprotocol: string) => WebSocketLike;

/**
 * Close codes. `left`: nobody comes back (RFC 6455 section 7.4.1). `abandoned`: the session is to go on over another socket,
 * even when this one is heard again later.
 */
const CLOSE_CODES = { left: 1000, abandoned: 4000 } as const;

/** Hears what becomes of a socket; nothing any more after `lost` or `broke`, or when it was closed from here. */
export interface SocketListener {
  opened(): void;
  received(frame: ServerFrame, sizeBytes: number): void;
  /** Gone, or not to be reached. */
  lost(): void;
  /** What came is not a frame. */
  broke(error: CallError): void;
}

/** One WebSocket to the server: bytes out, checked frames in. */
export class SignalingSocket {
  readonly #webSocket: WebSocketLike;
  #listener: SocketListener | undefined;

  constructor(url: string, openWebSocket: OpenWebSocket, listener: SocketListener) {
    this.#listener = listener;
    this.#webSocket = openWebSocket(url, SUBPROTOCOL);
    this.#webSocket.binaryType = 'arraybuffer';
    this.#webSocket.onopen = () => this.#listener?.opened();
    this.#webSocket.onmessage = ({ data }: MessageEvent<unknown>) => this.#received(data);
    this.#webSocket.onclose = () => this.#silence()?.lost();
  }

  /** From now on another listens. */
  handTo(listener: SocketListener): void {
    this.#listener = listener;
  }

  send(frame: Uint8Array): void {
    this.#webSocket.send(frame as Uint8Array<ArrayBuffer>);
  }

  /** After what was sent so far. The listener hears nothing of it. */
  close(why: keyof typeof CLOSE_CODES): void {
    this.#silence();
    this.#webSocket.close(CLOSE_CODES[why], why);
  }

  #received(payload: unknown): void {
    try {
      if (!(payload instanceof ArrayBuffer)) throw new CallError('malformed', 'the server sent text');
      const frame = decodeServerFrame(new Uint8Array(payload));
      this.#listener?.received(frame, payload.byteLength);
    } catch (error) {
      this.#silence()?.broke(new CallError('malformed', 'the server sent what is not a frame', { cause: error }));
    }
  }

  #silence(): SocketListener | undefined {
    const listener = this.#listener;
    this.#listener = undefined;
    return listener;
  }
}
