import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What clients say; every one is answered under its id. */
export type JsonRequest =
  | { readonly id: number; readonly type: 'join' }
  | { readonly id: number; readonly type: 'produce' }
  | { readonly id: number; readonly type: 'setProducerPaused'; readonly producerId: string; readonly paused: boolean }
  | { readonly id: number; readonly type: 'ping' };

/** What the server says: answers with an id, events without. */
export type JsonMessage =
  | { readonly id: number; readonly type: 'done' }
  | { readonly id: number; readonly type: 'joined'; readonly peerId: string }
  | { readonly id: number; readonly type: 'produced'; readonly producerId: string }
  | { readonly type: 'producerPaused' | 'producerResumed'; readonly producerId: string };

/**
 * A signaling server of one room as most are written: `ws`, a JSON text a message, an event made into text once and sent to each of the
 * others. It keeps nothing for resumes, limits nothing and checks nothing, all of which ours does.
 */
export async function openJsonServer(): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  const room = new Set<WebSocket>();
  server.on('connection', (socket) => {
    const say = (message: JsonMessage) => socket.send(JSON.stringify(message));
    const tellOthers = (event: JsonMessage) => {
      const text = JSON.stringify(event);
      for (const other of room) if (other !== socket) other.send(text);
    };
    socket.on('message', (bytes) => {
      const request = JSON.parse(String(bytes)) as JsonRequest;
      const { id } = request;
      if (request.type === 'join') {
        room.add(socket);
        say({ id, type: 'joined', peerId: randomUUID() });
      } else if (request.type === 'produce') {
        say({ id, type: 'produced', producerId: randomUUID() });
      } else if (request.type === 'setProducerPaused') {
        tellOthers({ type: request.paused ? 'producerPaused' : 'producerResumed', producerId: request.producerId });
        say({ id, type: 'done' });
      } else {
        say({ id, type: 'done' });
      }
    });
    socket.on('close', () => room.delete(socket));
  });
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
