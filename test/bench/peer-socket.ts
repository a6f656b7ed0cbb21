import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Endpoint } from '../../bench/endpoints/endpoint.ts';

/** The server of one endpoint, in this process: a socket that remembers all that came. */
export class PeerSocket {
  readonly received: Buffer[] = [];
  readonly #socket: Socket;
  readonly #endpoint: Endpoint;

  private constructor(socket: Socket, endpoint: Endpoint) {
    this.#socket = socket;
    this.#endpoint = endpoint;
    socket.on('message', (datagram) => this.received.push(datagram));
  }

  static async open(endpoint: Endpoint): Promise<PeerSocket> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1024 * 1024 });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    await endpoint.connect(socket.address().port, '127.0.0.1');
    return new PeerSocket(socket, endpoint);
  }

  /** Resolves when the kernel has it. */
  send(datagram: Buffer): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#socket.send(datagram, this.#endpoint.port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
    );
  }

  close(): void {
    this.#socket.close();
  }
}
