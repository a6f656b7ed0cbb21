import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { FanOutClient } from './fan-out-client.ts';
import type { JsonMessage, JsonRequest } from './json-server.ts';

type Body<Request> = Request extends JsonRequest ? Omit<Request, 'id'> : never;

/** In the room of the JSON server. */
export class JsonClient implements FanOutClient {
  readonly socket: WebSocket;
  readonly #answers = new Map<number, (answer: JsonMessage) => void>();
  #told: string[] = [];
  #lastId = 0;
  #producerId = '';

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (bytes) => this.#receive(JSON.parse(String(bytes))));
  }

  static async join(port: number): Promise<JsonClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    await once(socket, 'open');
    const client = new JsonClient(socket);
    await client.#request({ type: 'join' });
    return client;
  }

  get producerId(): string {
    return this.#producerId;
  }

  async ping(): Promise<void> {
    await this.#request({ type: 'ping' });
  }

  async publish(): Promise<void> {
    const answer = await this.#request({ type: 'produce' });
    if (answer.type === 'produced') this.#producerId = answer.producerId;
  }

  async setPaused({ paused }: { readonly paused: boolean }): Promise<void> {
    await this.#request({ type: 'setProducerPaused', producerId: this.#producerId, paused });
  }

  takeTold(): string[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  #request(body: Body<JsonRequest>): Promise<JsonMessage> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.socket.send(JSON.stringify({ id, ...body }));
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  #receive(message: JsonMessage): void {
    if ('id' in message) {
      this.#answers.get(message.id)?.(message);
      this.#answers.delete(message.id);
    } else {
      this.#told.push(`${message.type === 'producerPaused' ? 'paused' : 'resumed'} ${message.producerId}`);
    }
  }
}
