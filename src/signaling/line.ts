import type { Clock } from '../base/index.ts';
import type { Metrics } from '../ops/index.ts';
import { encodeServerBody, joinServerFrame, type SentServerMessage } from '../wire/index.ts';
import type { ClosingCode } from './errors.ts';
import type { SignalingLimits } from './limits.ts';
import { Liveness } from './liveness.ts';
import type { Socket, SocketOut } from './socket.ts';

/**
 * How a line ended from the other side. `left`: the client closed it on purpose, or spoke no WebSocket any more. `lost`: the
 * network took it. `silent`: it looks open, and nothing was heard for the idle timeout.
 */
export type LineEnd = 'left' | 'lost' | 'silent';

/** Who takes what comes in on a line: the greeting first, then the session. */
export interface LineUser {
  receive(bytes: Uint8Array, options: { readonly isBinary: boolean }): void;
  receiveControl(sizeBytes: number): void;
  /** A silent line is the user's to end. */
  lineEnded(how: LineEnd): void;
  close(code: ClosingCode, message: string): void;
}

export interface LineOptions {
  readonly clock: Clock;
  readonly limits: Pick<SignalingLimits, 'idleTimeoutMs'>;
  readonly metrics: Pick<Metrics, 'framesSent' | 'bytesSent'>;
}

/** One WebSocket: counts what is written, finds silence, and brings what comes in to its user of the moment. */
export class Line implements SocketOut {
  readonly #socket: Socket;
  readonly #metrics: LineOptions['metrics'];
  readonly #liveness: Liveness;
  #user: LineUser | undefined;
  #closed = false;

  constructor(socket: Socket, { clock, limits, metrics }: LineOptions) {
    this.#socket = socket;
    this.#metrics = metrics;
    this.#liveness = new Liveness(clock, limits.idleTimeoutMs, {
      quiet: () => socket.ping(),
      dead: () => this.#user?.lineEnded('silent'),
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedBytes;
  }

  /** From now on everything that comes in is this user's. */
  handTo(user: LineUser): void {
    this.#user = user;
  }

  receive(bytes: Uint8Array, options: { readonly isBinary: boolean }): void {
    if (this.#closed) return;
    this.#liveness.heard();
    this.#user?.receive(bytes, options);
  }

  /** A WebSocket ping or pong. */
  receiveControl(sizeBytes: number): void {
    if (this.#closed) return;
    this.#liveness.heard();
    this.#user?.receiveControl(sizeBytes);
  }

  /** The socket is gone, and is not touched again. */
  socketClosed(how: LineEnd): void {
    if (this.#closed) return;
    this.#close();
    this.#user?.lineEnded(how);
  }

  /** What belongs to this socket and to no session: it has no number. */
  say(id: number, body: SentServerMessage): void {
    this.send(joinServerFrame(id, 0, encodeServerBody(body)));
  }

  send(frame: Uint8Array): boolean {
    if (this.#closed || !this.#socket.send(frame)) return false;
    this.#metrics.framesSent.inc();
    this.#metrics.bytesSent.inc(frame.byteLength);
    return true;
  }

  /** Closes the socket; its user hears nothing of it. Twice is once. */
  end(code: number, reason: string): void {
    if (this.#closed) return;
    this.#close(); // first: uWebSockets.js calls socketClosed() from within
    this.#socket.end(code, reason);
  }

  /** Lets the user say why. */
  close(code: ClosingCode, message: string): void {
    this.#user?.close(code, message);
  }

  #close(): void {
    this.#closed = true;
    this.#liveness.close();
  }
}
