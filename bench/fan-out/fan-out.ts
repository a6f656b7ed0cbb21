import { setTimeout as pause } from 'node:timers/promises';
import type { RawData } from 'ws';
import { percentile } from '../report.ts';
import type { FanOutClient } from './fan-out-client.ts';

/** What came of the events of one round. */
export interface Delivered {
  readonly messages: number;
  /** From the moment when one client sends to that when another's socket gives the message to JavaScript: both in one process. */
  readonly delay_p50_ms: number;
  readonly delay_p99_ms: number;
  /** WebSocket payload, the mean. */
  readonly bytes_per_message: number;
}

export interface Pace {
  readonly events: number;
  /** From one event to the next, at least: the next waits until everybody has the one before. */
  readonly everyMs: number;
}

/** An event that somebody has not been told by then never comes. */
const LOST_AFTER_MS = 10_000;

/**
 * Clients of one room of whom the first ones publish. In each event one of those mutes, or unmutes, and all others are told. What arrives
 * is read, and checked, when the last one has it, so that a slow reader delays nobody's message.
 */
export class FanOut {
  readonly #clients: readonly FanOutClient[];
  readonly #publishers: readonly FanOutClient[];
  readonly #paused = new Set<FanOutClient>();
  #fired = 0;
  #arrived: ((client: FanOutClient, bytes: number, read: () => void) => void) | undefined;

  constructor(clients: readonly FanOutClient[], publishers: number) {
    this.#clients = clients;
    this.#publishers = clients.slice(0, publishers);
    for (const client of clients) this.#watch(client);
  }

  /** Everybody checks in once, as clients do, then the events go out. @throws when one is not told to everybody else, exactly once */
  async round({ events, everyMs }: Pace): Promise<Delivered> {
    await Promise.all(this.#clients.map((client) => client.ping()));
    for (const client of this.#clients) client.takeTold();
    const delaysMs: number[] = [];
    let bytes = 0;
    const startMs = performance.now();
    for (let event = 0; event < events; event += 1) {
      const waitMs = startMs + event * everyMs - performance.now();
      if (waitMs > 0) await pause(waitMs);
      bytes += await this.#fire(delaysMs);
    }
    return {
      messages: delaysMs.length,
      delay_p50_ms: percentile(delaysMs, 0.5),
      delay_p99_ms: percentile(delaysMs, 0.99),
      bytes_per_message: bytes / delaysMs.length,
    };
  }

  /** Answers with the bytes that all were sent. */
  async #fire(delaysMs: number[]): Promise<number> {
    const publisher = this.#publishers[this.#fired % this.#publishers.length];
    if (!publisher) throw new Error('nobody publishes');
    this.#fired += 1;
    const paused = !this.#paused.delete(publisher);
    if (paused) this.#paused.add(publisher);
    const unread: (() => void)[] = [];
    let bytes = 0;
    let answered: Promise<void> | undefined;
    await new Promise<void>((resolve, reject) => {
      const lost = setTimeout(() => reject(new Error(`${unread.length} were told`)), LOST_AFTER_MS);
      const sentMs = performance.now();
      this.#arrived = (client, sizeBytes, read) => {
        if (client === publisher) return read(); // its answer
        delaysMs.push(performance.now() - sentMs);
        bytes += sizeBytes;
        unread.push(read);
        if (unread.length < this.#clients.length - 1) return;
        clearTimeout(lost);
        resolve();
      };
      answered = publisher.setPaused({ paused });
      answered.catch(reject);
    });
    this.#arrived = undefined;
    for (const read of unread) read();
    await answered;
    const expected = `${paused ? 'paused' : 'resumed'} ${publisher.producerId}`;
    for (const client of this.#clients) {
      const told = client.takeTold().join(', ');
      if (told !== (client === publisher ? '' : expected)) throw new Error(`told "${told}" in place of "${expected}"`);
    }
    return bytes;
  }

  /** During an event, reading waits. */
  #watch(client: FanOutClient): void {
    const { socket } = client;
    const [listener] = socket.listeners('message') as ((bytes: RawData, isBinary: boolean) => void)[];
    if (!listener) throw new Error('a client that does not read');
    socket.off('message', listener);
    socket.on('message', (bytes: Buffer, isBinary) => {
      const read = () => listener.call(socket, bytes, isBinary);
      if (this.#arrived) this.#arrived(client, bytes.byteLength, read);
      else read();
    });
  }
}
