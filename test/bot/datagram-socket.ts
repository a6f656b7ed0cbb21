import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Pictures of many come at once. The kernel may give less. */
const SOCKET_BUFFER_BYTES = 1024 * 1024;

/** Carries datagrams between one end and one port of a server, in order or not, all or not. */
export interface DatagramSocket {
  connect(port: number, address: string): Promise<void>;
  /** Whatever comes from there. One listener. */
  onMessage(listener: (datagram: Buffer) => void): void;
  send(datagram: Buffer): void;
  close(): void;
}

/** Over a UDP socket of this process. */
export function openDatagramSocket(): DatagramSocket {
  const socket = createSocket({ type: 'udp4', recvBufferSize: SOCKET_BUFFER_BYTES });
  socket.on('error', () => undefined); // the server is gone, and who uses this is told so
  return {
    async connect(port, address) {
      socket.connect(port, address);
      await once(socket, 'connect');
    },
    onMessage: (listener) => socket.on('message', listener),
    send: (datagram) => socket.send(datagram),
    close: () => socket.close(),
  };
}
