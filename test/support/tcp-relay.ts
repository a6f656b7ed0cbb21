import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * How a connection is broken. `rst` and `fin`: both sides are told. `half-open`: only the client is, as when its network
 * changes. `blackhole`: nobody is told, nothing passes for a while, and then everything goes on.
 */
export type Break = 'rst' | 'fin' | 'half-open' | { readonly blackholeMs: number };

/** Seen from the client. */
export type Way = 'up' | 'down';

/** A break that comes by itself, when so many more bytes have passed one way: in the middle of a frame as well as between two. */
export interface PlannedBreak {
  readonly how: Break;
  readonly way: Way;
  readonly afterBytes: number;
}

/** Passes TCP connections on to a port of this machine, until the test breaks them. */
export class TcpRelay {
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  /** The first is for the connection that is open, or for the next. */
  readonly #planned: PlannedBreak[] = [];
  #refusing = false;
  #stalled = false;

  private constructor(targetPort: number) {
    this.#server = createServer((near) => {
      if (this.#refusing) {
        near.destroy();
        return;
      }
      const connection = new Connection(near, targetPort, {
        closed: () => this.#connections.delete(connection),
        due: (planned) => this.#break(connection, planned),
      });
      this.#connections.add(connection);
      if (this.#stalled) connection.stall();
      this.#planNext(connection);
    });
  }

  /** `address`: where it listens. */
  static async open(targetPort: number, address = '127.0.0.1'): Promise<TcpRelay> {
    const relay = new TcpRelay(targetPort);
    relay.#server.listen(0, address);
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that are open now, from browser to server. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Breaks that have not come yet. */
  get planned(): number {
    return this.#planned.length;
  }

  /** Breaks every connection; new ones are passed on. */
  cut(how: 'rst' | 'fin' | 'half-open' = 'rst'): void {
    for (const connection of this.#connections) connection.cut(how);
  }

  /** One after the other, each on the connection that is open by then. */
  plan(breaks: readonly PlannedBreak[]): void {
    this.#planned.push(...breaks);
    for (const connection of this.#connections) this.#planNext(connection);
  }

  /** While refusing, new connections are dropped: a server that is down. */
  refuse(state: { readonly refusing: boolean }): void {
    this.#refusing = state.refusing;
  }

  /** While stalled nothing passes, on new connections neither, and nobody is told. */
  stall(state: { readonly stalled: boolean }): void {
    this.#stalled = state.stalled;
    for (const connection of this.#connections) {
      if (state.stalled) connection.stall();
      else connection.goOn();
    }
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #planNext(connection: Connection): void {
    const [next] = this.#planned;
    if (next) connection.breakAfter(next);
  }

  #break(connection: Connection, planned: PlannedBreak): void {
    const { how } = planned;
    const isFirst = this.#planned[0] === planned; // else it came on another connection before
    if (isFirst) this.#planned.shift();
    if (!isFirst) connection.goOn();
    else if (typeof how === 'string') connection.cut(how);
    else this.#stallFor(how.blackholeMs);
    for (const open of this.#connections) this.#planNext(open);
  }

  #stallFor(ms: number): void {
    this.stall({ stalled: true });
    setTimeout(() => this.stall({ stalled: false }), ms);
  }
}

interface ConnectionListener {
  closed(): void;
  /** It waits to be told what becomes of it. */
  due(planned: PlannedBreak): void;
}

/** One connection from the client (near) and the one to the server (far) that carries its bytes on. */
class Connection {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #listener: ConnectionListener;
  #planned: PlannedBreak | undefined;
  #leftBytes = 0;
  #stalled = false;
  /** The far side does not know that the near one is gone. */
  #isOrphan = false;
  /** What waits until it goes on. */
  #held: (() => void)[] = [];

  constructor(near: Socket, targetPort: number, listener: ConnectionListener) {
    this.#near = near;
    this.#far = connect(targetPort, '127.0.0.1');
    this.#listener = listener;
    this.#carry(near, this.#far, 'up');
    this.#carry(this.#far, near, 'down');
  }

  breakAfter(planned: PlannedBreak): void {
    if (this.#isOrphan || this.#planned === planned) return;
    this.#planned = planned;
    this.#leftBytes = planned.afterBytes;
  }

  cut(how: 'rst' | 'fin' | 'half-open'): void {
    this.#isOrphan = how === 'half-open';
    if (how !== 'fin') this.#near.resetAndDestroy();
    else this.#near.destroy();
    if (how === 'rst') this.#far.resetAndDestroy();
    else if (how === 'fin') this.#far.destroy();
    if (how !== 'half-open') this.#listener.closed();
  }

  stall(): void {
    this.#stalled = true;
  }

  goOn(): void {
    this.#stalled = false;
    const held = this.#held;
    this.#held = [];
    for (const action of held) this.#inTurn(action);
  }

  #carry(from: Socket, to: Socket, way: Way): void {
    from.on('data', (bytes: Buffer) => this.#inTurn(() => this.#pass(bytes, from, to, way)));
    from.on('error', () => undefined); // `close` follows
    from.on('close', () =>
      this.#inTurn(() => {
        if (this.#isOrphan && from === this.#near) return;
        to.destroySoon();
        this.#listener.closed();
      }),
    );
  }

  /** Now, or when it goes on. */
  #inTurn(action: () => void): void {
    if (this.#stalled) this.#held.push(action);
    else action();
  }

  #pass(bytes: Buffer, from: Socket, to: Socket, way: Way): void {
    const planned = this.#planned?.way === way ? this.#planned : undefined;
    const isDue = planned !== undefined && bytes.byteLength >= this.#leftBytes;
    if (!isDue) {
      if (planned) this.#leftBytes -= bytes.byteLength;
      this.#write(bytes, from, to);
      return;
    }
    this.#planned = undefined;
    this.#stalled = true; // until it is told what becomes of it
    const rest = bytes.subarray(this.#leftBytes);
    this.#held.push(() => this.#pass(rest, from, to, way));
    to.write(bytes.subarray(0, this.#leftBytes), () => this.#listener.due(planned)); // these still arrive
  }

  #write(bytes: Buffer, from: Socket, to: Socket): void {
    if (to.destroyed || to.write(bytes)) return;
    from.pause();
    to.once('drain', () => from.resume());
  }
}
