import type { WebSocket } from 'uWebSockets.js';
import type { Socket } from './socket.ts';

/** What `WebSocket.send` of uWebSockets.js answers when its backpressure limit made it drop the frame. */
const DROPPED = 2;

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
