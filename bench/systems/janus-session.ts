import { once } from 'node:events';
import { WebSocket } from 'ws';
import { randomId } from '../../src/base/index.ts';

/** Janus answers in milliseconds; with hundreds of ends on busy cores in seconds. */
const ANSWER_LIMIT_MS = 30_000;

const PLUGIN = 'janus.plugin.videoroom';

/** What the plugin is asked, and what it says: its own part, and SDP. */
export interface PluginMessage {
  readonly body: Readonly<Record<string, unknown>>;
  readonly jsep?: { readonly type: 'offer' | 'answer'; readonly sdp: string };
}

/** A message of Janus' API, as far as it is read (https://janus.conf.meetecho.com/docs/rest.html). */
interface ApiMessage {
  readonly janus: string;
  readonly transaction?: string;
  /** The handle that it is about. */
  readonly sender?: number;
  readonly data?: { readonly id: number };
  readonly plugindata?: { readonly data: PluginMessage['body'] };
  readonly jsep?: NonNullable<PluginMessage['jsep']>;
  readonly error?: { readonly code: number; readonly reason: string };
}

interface Waiting {
  readonly resolve: (message: ApiMessage) => void;
  readonly reject: (error: Error) => void;
}

/** A session of Janus' API over a WebSocket: requests and their answers. What is in it ends with its socket. */
export class JanusSession {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, Waiting>();
  readonly #handles = new Map<number, JanusHandle>();
  #id: number | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (text) => this.#received(JSON.parse(String(text)) as ApiMessage));
    socket.on('error', () => undefined); // it closes, too
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Janus has gone'));
    });
  }

  /** Over this Unix socket. @throws when nobody listens there. */
  static async open(path: string): Promise<JanusSession> {
    const socket = new WebSocket(`ws+unix:${path}:/`, 'janus-protocol');
    await once(socket, 'open');
    const session = new JanusSession(socket);
    session.#id = (await session.request({ janus: 'create' })).data?.id;
    return session;
  }

  async attach(): Promise<JanusHandle> {
    const { data } = await this.request({ janus: 'attach', plugin: PLUGIN });
    if (!data) throw new Error('Janus gives no handle');
    const handle = new JanusHandle(data.id, this);
    this.#handles.set(data.id, handle);
    return handle;
  }

  /** @throws when it is refused, or not answered. */
  request(request: Readonly<Record<string, unknown>>): Promise<ApiMessage> {
    const transaction = randomId();
    const answer = new Promise<ApiMessage>((resolve, reject) => this.#waiting.set(transaction, { resolve, reject }));
    this.#socket.send(JSON.stringify({ session_id: this.#id, ...request, transaction }));
    return inTime(answer).finally(() => this.#waiting.delete(transaction));
  }

  close(): void {
    this.#socket.terminate();
  }

  /** After an `ack` the answer itself is still to come. */
  #received(message: ApiMessage): void {
    if (message.janus === 'ack') return;
    if (message.janus === 'webrtcup') this.#handles.get(message.sender ?? 0)?.rise();
    const waiting = this.#waiting.get(message.transaction ?? '');
    const { error } = message;
    if (error) waiting?.reject(new Error(`Janus: ${error.reason} (${error.code})`));
    else waiting?.resolve(message);
  }
}

/** One end's path to the plugin. */
export class JanusHandle {
  readonly #id: number;
  readonly #session: JanusSession;
  readonly #up: Promise<void>;
  #rise: () => void = () => undefined;

  constructor(id: number, session: JanusSession) {
    this.#id = id;
    this.#session = session;
    this.#up = new Promise((resolve) => {
      this.#rise = resolve;
    });
  }

  /** What comes of it when the plugin has done it. @throws when it refuses. */
  async ask({ body, jsep }: PluginMessage): Promise<PluginMessage> {
    const message = await this.#session.request({ janus: 'message', handle_id: this.#id, body, jsep });
    const said = message.plugindata?.data ?? {};
    if (said.error !== undefined) throw new Error(`Janus refuses to ${body.request}: ${said.error}`);
    return { body: said, ...(message.jsep && { jsep: message.jsep }) };
  }

  /** Resolves when media can flow and the plugin knows. */
  up(): Promise<void> {
    return inTime(this.#up);
  }

  /** The session has heard that it is up. */
  rise(): void {
    this.#rise();
  }
}

/** @throws when it takes too long. */
function inTime<T>(answer: Promise<T>): Promise<T> {
  let deadline: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const error = new Error(`nothing from Janus within ${ANSWER_LIMIT_MS} ms`);
    deadline = setTimeout(() => reject(error), ANSWER_LIMIT_MS);
  });
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(deadline));
}
