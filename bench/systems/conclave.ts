import { type ConsumerId, type ProducerId, type RoomId, randomId } from '../../src/base/index.ts';
import type { Direction, ServerMessage } from '../../src/wire/index.ts';
import { type NodeSession, openNodeSession, type ValueOf } from '../../test/support/node-session.ts';
import { ServerProcess } from '../../test/support/server-process.ts';
import { until } from '../../test/support/until.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { Endpoints } from '../endpoints/endpoints.ts';
import type { StreamShape } from '../endpoints/stream-plan.ts';
import { connect, publish, receive, ssrcOf } from './session-media.ts';
import type { Person, System } from './system.ts';

/** As many as a bench wants: it finds out itself where a worker is full. */
const NO_LIMITS = {
  CONCLAVE_LOG_LEVEL: 'warn',
  CONCLAVE_MAX_LOAD: '1',
  CONCLAVE_MAX_PEERS: '5000',
  CONCLAVE_MAX_PEERS_PER_ROOM: '5000',
  CONCLAVE_CONSUMERS_PER_WORKER: '100000',
};

/** Tiles of a page on a large screen; only the server's choice of layers knows it, and there is one layer. */
const TILE = { heightPx: 720, priority: 100 };

/** Microphones that a room hears at the same time (CONCLAVE_MAX_HEARD). */
const HEARD = 10;

const CONSUMERS_LIMIT_MS = 60_000;

/** The built server, with one worker unless settings say otherwise. People join over real signaling; there is no MLS group, which the server could not tell. */
export class Conclave implements System {
  readonly name = 'conclave';
  readonly seesAll = false;
  readonly endpoints: Endpoints;
  readonly #server: ServerProcess;
  readonly #roomId = randomId<RoomId>();
  readonly #people: ConclavePerson[] = [];

  private constructor(server: ServerProcess, endpoints: Endpoints) {
    this.#server = server;
    this.endpoints = endpoints;
  }

  /** `settings`: environment variables of the server that are to be others. */
  static async open(settings: Readonly<Record<string, string>> = {}): Promise<Conclave> {
    const endpoints = await Endpoints.open();
    try {
      return new Conclave(await ServerProcess.open({ ...NO_LIMITS, CONCLAVE_WORKERS: '1', ...settings }), endpoints);
    } catch (error) {
      await endpoints.close();
      throw error;
    }
  }

  /** Streams that one worker passes on to another. */
  get pipes(): Promise<number> {
    return this.#server.metric('conclave_pipes');
  }

  get pids(): readonly number[] {
    return this.#server.pids;
  }

  async join(): Promise<Person> {
    const invite = { origin: this.#server.origin, roomId: this.#roomId, secret: '' };
    let told: (fact: ServerMessage) => void = () => undefined;
    const session = await openNodeSession(invite, (fact) => told(fact), { role: 'speaker', receives: 'everything' });
    const person = new ConclavePerson(session, this.endpoints);
    told = (fact) => person.told(fact);
    this.#people.push(person);
    return person;
  }

  async close(): Promise<void> {
    for (const person of this.#people) person.close();
    await this.endpoints.close();
    await this.#server.close();
  }
}

class ConclavePerson implements Person {
  readonly #session: NodeSession;
  readonly #endpoints: Endpoints;
  /** What it receives, by the producers. */
  readonly #received = { video: new Set<ProducerId>(), audio: new Set<ProducerId>() };
  readonly #opened = new Map<ConsumerId, ValueOf<'consumerOpened'>>();
  #videoId: ProducerId | undefined;
  #speaks = false;
  #receiving: Promise<Endpoint> | undefined;

  constructor(session: NodeSession, endpoints: Endpoints) {
    this.#session = session;
    this.#endpoints = endpoints;
  }

  get id() {
    return this.#session.joined.peerId;
  }

  /** What others see of this person. */
  get videoId(): ProducerId | undefined {
    return this.#videoId;
  }

  async publish(shapes: readonly StreamShape[]): Promise<void> {
    const producerIds = await publish(this.#session, await this.#connect('send'), shapes);
    this.#videoId = producerIds[shapes.findIndex(({ kind }) => kind === 'video')];
    this.#speaks = shapes.some(({ kind }) => kind === 'audio');
  }

  async subscribe(people: readonly Person[]): Promise<void> {
    const shown = people.filter((person): person is ConclavePerson => person instanceof ConclavePerson);
    const wanted = shown.flatMap(({ videoId }) => videoId ?? []);
    const voices = Math.min(shown.filter((person) => person.#speaks).length, HEARD - 1); // one of those who are heard may be oneself
    await this.#downlink();
    const tiles = shown
      .filter(({ videoId }) => videoId)
      .map(({ id }) => ({ peerId: id, source: 'camera' as const, ...TILE }));
    this.#session.link.intend({ case: 'view', value: { tiles, hears: true } });
    const { video, audio } = this.#received;
    const hasAll = () => wanted.every((id) => video.has(id)) && audio.size >= voices;
    await until('every video and the voices', hasAll, CONSUMERS_LIMIT_MS);
  }

  told(fact: ServerMessage): void {
    if (fact.case === 'consumerOpened') this.#consumerOpened(fact.value).catch(() => undefined); // closed meanwhile
    if (fact.case === 'consumerClosed') this.#consumerClosed(fact.value.consumerId).catch(() => undefined);
  }

  close(): void {
    this.#session.link.close();
  }

  async #consumerOpened(opened: ValueOf<'consumerOpened'>): Promise<void> {
    const endpoint = await this.#downlink();
    this.#opened.set(opened.consumerId, opened);
    await receive(this.#session, { endpoint, endpoints: this.#endpoints }, opened);
    this.#received[opened.kind].add(opened.producerId);
  }

  async #consumerClosed(consumerId: ConsumerId): Promise<void> {
    const endpoint = await this.#downlink();
    const opened = this.#opened.get(consumerId);
    if (!opened) return;
    endpoint.forget(ssrcOf(opened));
    this.#opened.delete(consumerId);
    this.#received[opened.kind].delete(opened.producerId);
  }

  /** The path on which it receives, opened when it is first asked for. */
  #downlink(): Promise<Endpoint> {
    this.#receiving ??= this.#connect('recv');
    return this.#receiving;
  }

  async #connect(direction: Direction): Promise<Endpoint> {
    const endpoint = await this.#endpoints.openEndpoint({ secured: true });
    await connect(this.#session, endpoint, direction);
    return endpoint;
  }
}
