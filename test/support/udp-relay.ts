import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Conditions, ImpairedLink, type LinkCounts, PERFECT } from './impaired-link.ts';

const HOST = '127.0.0.1';

/** At 15,000 datagrams a second a relay that is away for 50 ms finds 750 of them, of 2 KiB with the kernel's own. It may give less. */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

/** `up` is from clients to the server. */
export type RelayDirection = 'up' | 'down';

export interface UdpRelayOptions {
  /** Perfect when absent. */
  readonly conditions?: Conditions;
  /** The same seed makes the same choices for the same datagrams. */
  readonly seed?: number;
  /** Sees what comes, before the line does anything to it. */
  readonly seen?: (direction: RelayDirection, bytes: Buffer) => void;
}

interface Passing {
  readonly bytes: Buffer;
  readonly deliver: (bytes: Buffer) => void;
}

/** A poor line between clients and the media ports of a server, both on this machine. */
export class UdpRelay {
  readonly #links: Readonly<Record<RelayDirection, ImpairedLink<Passing>>>;
  readonly #sockets = new Set<Socket>();
  readonly #fronts = new Map<number, Promise<Socket>>();
  readonly #seen: UdpRelayOptions['seen'];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ conditions = PERFECT, seed = 1, seen }: UdpRelayOptions = {}) {
    this.#seen = seen;
    this.#links = { up: new ImpairedLink(conditions, seed), down: new ImpairedLink(conditions, seed + 1) };
  }

  /** The port of the relay behind which that port of the server is. */
  async portFor(serverPort: number): Promise<number> {
    const front = this.#fronts.get(serverPort) ?? this.#openFront(serverPort);
    this.#fronts.set(serverPort, front);
    return (await front).address().port;
  }

  counts(direction: RelayDirection): LinkCounts {
    return { ...this.#links[direction].counts };
  }

  /** From now on; what waits already arrives as it was to. */
  setConditions(conditions: Conditions): void {
    for (const link of Object.values(this.#links)) link.conditions = conditions;
  }

  /** While dark, nothing passes in either direction. */
  blackout({ dark }: { readonly dark: boolean }): void {
    for (const link of Object.values(this.#links)) link.isDark = dark;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const socket of this.#sockets) socket.close();
    this.#sockets.clear();
  }

  async #openFront(serverPort: number): Promise<Socket> {
    const front = this.#open();
    const backs = new Map<number, Socket>();
    front.on('message', (bytes, { port }) => {
      const back = backs.get(port) ?? this.#openBack((answer) => front.send(answer, port, HOST));
      backs.set(port, back);
      this.#pass('up', bytes, (datagram) => back.send(datagram, serverPort, HOST));
    });
    front.bind(0, HOST);
    await once(front, 'listening');
    return front;
  }

  /** To the server every client comes from a port of its own. */
  #openBack(toClient: (bytes: Buffer) => void): Socket {
    const back = this.#open();
    back.on('message', (bytes) => this.#pass('down', bytes, toClient));
    return back;
  }

  #open(): Socket {
    const socket = createSocket({ type: 'udp4', recvBufferSize: SOCKET_BUFFER_BYTES });
    socket.on('error', () => undefined); // one side is gone: what is sent to it is lost, as on any line
    this.#sockets.add(socket);
    return socket;
  }

  #pass(direction: RelayDirection, bytes: Buffer, deliver: (bytes: Buffer) => void): void {
    this.#seen?.(direction, bytes);
    this.#links[direction].push({ bytes, deliver }, performance.now(), bytes.length);
    this.#deliver();
  }

  /** What is due now, and a timer for what comes next. */
  #deliver(): void {
    if (this.#closed) return;
    const nowMs = performance.now();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const link of Object.values(this.#links)) {
      for (const { bytes, deliver } of link.take(nowMs)) deliver(bytes);
      nextMs = Math.min(nextMs, link.nextMs ?? Number.POSITIVE_INFINITY);
    }
    clearTimeout(this.#timer);
    this.#timer = Number.isFinite(nextMs) ? setTimeout(() => this.#deliver(), nextMs - nowMs) : undefined;
  }
}
