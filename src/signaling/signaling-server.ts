import type { us_listen_socket } from 'uWebSockets.js';
import { App, DISABLED, type TemplatedApp, us_listen_socket_close, us_socket_local_port } from 'uWebSockets.js';
import type { Clock } from '../base/index.ts';
import { MAX_COMMIT_FRAME_BYTES, MAX_FRAME_BYTES } from '../wire/index.ts';
import { Devices } from './devices.ts';
import { Doors } from './doors.ts';
import { wantExclusive } from './exclusive-port.ts';
import { Greeting, type GreetingHost } from './greeting.ts';
import { addHttpRoutes, type HttpOptions } from './http-routes.ts';
import { Invites, type InvitesOptions } from './invites.ts';
import { Line } from './line.ts';
import { MlsRooms } from './mls/mls-rooms.ts';
import type { SessionHost } from './session.ts';
import { Sessions } from './sessions.ts';
import { lineEndOf, UwsSocket } from './uws-socket.ts';

export interface SignalingOptions
  extends HttpOptions,
    Omit<SessionHost, 'sfu' | 'devices' | 'doors' | 'mls' | 'invites' | 'closed'>,
    Pick<InvitesOptions, 'webhook'>,
    Pick<GreetingHost, 'tokens'> {
  readonly sfu: SessionHost['sfu'] & GreetingHost['sfu'];
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

const SIGNAL_PATH = '/v1/signal';
const SUBPROTOCOL = 'conclave.v1';

/** A commit, and room above it: a frame up to here is refused by name, a larger one ends the connection unread (1006 at the client). */
const MAX_PAYLOAD_BYTES = MAX_COMMIT_FRAME_BYTES + 2 * MAX_FRAME_BYTES;

/** uWebSockets.js frees what our own liveness could not, such as a closed socket whose last bytes nobody takes. Multiples of 4. */
const SOCKET_TIMEOUT_S = 20;

/** Close frames are on their way for so long when the server closes; then all connections are cut. */
const CLOSE_GRACE_MS = 1_000;

/** What uWebSockets.js keeps for us with a socket. Both are set while it is open. */
interface SocketContext {
  socket?: UwsSocket;
  line?: Line;
}

/** Listens for WebSockets, each of which begins a session or goes on with one, and serves the page from the same port. */
export class SignalingServer {
  readonly #app: TemplatedApp;
  readonly #clock: Clock;
  readonly #lines = new Set<Line>();
  readonly #sessions: Sessions;
  readonly #mls: MlsRooms;
  readonly #doors = new Doors();
  #listening: us_listen_socket | undefined;

  private constructor(options: SignalingOptions) {
    this.#clock = options.clock;
    this.#mls = new MlsRooms(options);
    const invites = new Invites({ ...options, rate: options.limits.roomInvites });
    const shared = { devices: new Devices(), doors: this.#doors, mls: this.#mls, invites };
    this.#sessions = new Sessions({ ...options, ...shared });
    this.#app = App();
    this.#addSignalRoute({ ...options, sessions: this.#sessions });
    addHttpRoutes(this.#app, options);
  }

  /** Rejects when the port is taken or the page cannot be read. */
  static async open(options: SignalingOptions): Promise<SignalingServer> {
    const server = new SignalingServer(options);
    server.#listening = await listen(server.#app, options.host, options.port);
    return server;
  }

  get port(): number {
    return this.#listening ? us_socket_local_port(this.#listening) : 0;
  }

  /** Rooms in which somebody has keys, or wants some. */
  get mlsRooms(): number {
    return this.#mls.size;
  }

  /** Rooms that somebody is in or on the way to. */
  get doors(): number {
    return this.#doors.size;
  }

  /** WebSockets open. */
  get sockets(): number {
    return this.#lines.size;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** Sessions whose client is away. */
  get detachedSessions(): number {
    return this.#sessions.detached;
  }

  /** Takes no new connections and ends the sessions, telling each why. Closing twice is the same as once. */
  close(): void {
    if (!this.#listening) return;
    us_listen_socket_close(this.#listening);
    this.#listening = undefined;
    for (const line of this.#lines) line.close('shutting-down', 'the server is shutting down');
    this.#sessions.close();
    this.#clock.after(CLOSE_GRACE_MS, () => this.#app.close());
  }

  #addSignalRoute(host: GreetingHost): void {
    this.#app.ws<SocketContext>(SIGNAL_PATH, {
      compression: DISABLED,
      maxPayloadLength: MAX_PAYLOAD_BYTES,
      maxBackpressure: host.limits.outboxBytes + MAX_FRAME_BYTES, // room for the last words to a client that is too slow
      closeOnBackpressureLimit: true,
      idleTimeout: SOCKET_TIMEOUT_S,
      sendPingsAutomatically: false, // Liveness does
      upgrade: (response, request, context) => {
        const offered = request.getHeader('sec-websocket-protocol').split(',');
        if (!offered.some((name) => name.trim() === SUBPROTOCOL)) {
          response.writeStatus('400 Bad Request').end(`This server speaks the subprotocol ${SUBPROTOCOL}.\n`);
          return;
        }
        const key = request.getHeader('sec-websocket-key');
        response.upgrade<SocketContext>({}, key, SUBPROTOCOL, '', context);
      },
      open: (ws) => {
        const socket = new UwsSocket(ws);
        const line = new Line(socket, host);
        Object.assign(ws.getUserData(), { socket, line });
        this.#greet(line, host);
      },
      message: (ws, bytes, isBinary) => ws.getUserData().line?.receive(new Uint8Array(bytes), { isBinary }),
      ping: (ws, bytes) => ws.getUserData().line?.receiveControl(bytes.byteLength),
      pong: (ws, bytes) => ws.getUserData().line?.receiveControl(bytes.byteLength),
      close: (ws, code, message) => {
        const { socket, line } = ws.getUserData();
        socket?.gone();
        if (line) this.#lines.delete(line);
        line?.socketClosed(lineEndOf(code, message));
      },
    });
  }

  /** Closed at once when the server has as many sockets as it may. */
  #greet(line: Line, host: GreetingHost): void {
    const { limits, metrics } = host;
    const isFull = this.#lines.size >= limits.maxSockets;
    const greeting = new Greeting(line, host);
    line.handTo(greeting);
    this.#lines.add(line);
    metrics.socketsOpened.inc();
    if (!isFull) return;
    metrics.refusals.inc({ code: 'server-full' });
    greeting.close('server-full', `${limits.maxSockets} sockets are open`);
  }
}

async function listen(app: TemplatedApp, host: string, port: number): Promise<us_listen_socket> {
  const taken = `cannot listen on ${host}:${port}: the port is taken or the address is not ours`;
  await wantExclusive(host, port).catch((cause) => {
    throw new Error(taken, { cause });
  });
  return new Promise((resolve, reject) => {
    app.listen(host, port, (socket) => {
      if (socket) resolve(socket);
      else reject(new Error(taken));
    });
  });
}
