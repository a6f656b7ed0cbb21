/** What a session needs of a WebSocket. After `end`, and after the other side is gone, every call does nothing. */
export interface Socket {
  /** Bytes sent that the network has not taken yet. */
  readonly bufferedBytes: number;
  /** `false`: dropped; the socket is dead and takes nothing more. */
  send(frame: Uint8Array): boolean;
  /** The browser answers it by itself, even when the page sleeps. */
  ping(): void;
  end(code: number, reason: string): void;
}

/** What is said goes out by it: a socket, or the line over one, which pings by itself. */
export type SocketOut = Omit<Socket, 'ping'>;
