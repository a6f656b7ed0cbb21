import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Passes TCP connections on to a port of this machine, until the test cuts them. */
export class TcpRelay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #refusing = false;

  private constructor(targetPort: number) {
    this.#server = createServer((near) => {
      if (this.#refusing) {
        near.destroy();
        return;
      }
      const far = connect(targetPort, '127.0.0.1');
      this.#keep(near, far);
      this.#keep(far, near);
    });
  }

  static async open(targetPort: number): Promise<TcpRelay> {
    const relay = new TcpRelay(targetPort);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that are open now, from browser to server. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** Ends every connection with a reset; new ones are passed on. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** While refusing, new connections are dropped: a server that is down. */
  refuse(state: { readonly refusing: boolean }): void {
    this.#refusing = state.refusing;
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #keep(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.pipe(other);
    socket.on('error', () => undefined); // `close` follows
    socket.on('close', () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }
}
