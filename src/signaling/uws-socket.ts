import type { WebSocket } from 'uWebSockets.js';
import type { LineEnd } from './line.ts';
import type { Socket } from './socket.ts';

/** What `WebSocket.send` of uWebSockets.js answers when its backpressure limit made it drop the frame. */
const DROPPED = 2;

/** Close codes (RFC 6455 section 7.4.1) of a client that goes on purpose: normal, a page that is closed, none given. */
const LEAVING: ReadonlySet<number> = new Set([1000, 1001, 1005]);

/** What a close frame that never came is called. */
const NO_CLOSE_FRAME = 1006;

/** What uWebSockets.js says with that code when the network is to blame; anything else is what the client did wrong. */
const LOST: ReadonlySet<string> = new Set([
  '',
  'Received TCP FIN before WebSocket close frame',
  'WebSocket timed out from inactivity',
]);

/** What the close handler was told. A client that gives up a line which it will replace closes it with a code of its own. */
export function lineEndOf(code: number, message: ArrayBuffer): LineEnd {
  if (LEAVING.has(code)) return 'left';
  return code !== NO_CLOSE_FRAME || LOST.has(Buffer.from(message).toString()) ? 'lost' : 'left';
}

/** A socket of uWebSockets.js, which throws when touched after it closed and must not be sent to after it dropped a frame. */
export class UwsSocket implements Socket {
  #ws: WebSocket<unknown> | undefined;

  constructor(ws: WebSocket<unknown>) {
    this.#ws = ws;
  }

  get bufferedBytes(): number {
    return this.#ws?.getBufferedAmount() ?? 0;
  }

  send(frame: Uint8Array): boolean {
    return this.#ws !== undefined && this.#ws.send(frame, true, false) !== DROPPED;
  }

  ping(): void {
    this.#ws?.ping();
  }

  end(code: number, reason: string): void {
    const ws = this.#ws;
    this.#ws = undefined; // before end(): it calls the close handler at once
    ws?.end(code, reason);
  }

  /** The close handler ran: the socket is no longer ours to touch. */
  gone(): void {
    this.#ws = undefined;
  }
}
