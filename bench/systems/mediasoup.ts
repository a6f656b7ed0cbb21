import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { types } from 'mediasoup';
import type { TransportParameters } from '../../src/wire/index.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { Endpoints } from '../endpoints/endpoints.ts';
import type { PacketScript } from '../endpoints/packet-script.ts';
import type { StreamShape } from '../endpoints/stream-plan.ts';
import type { MediasoupAnswers, MediasoupQuestion, MediasoupSettings, NumberedAnswer } from './mediasoup-process.ts';
import { publishedStream } from './published-stream.ts';
import type { Person, System } from './system.ts';

type Ask = <Q extends MediasoupQuestion>(question: Q) => Promise<MediasoupAnswers[Q['ask']]>;

export interface MediasoupOptions extends MediasoupSettings {
  /** Under which its figures stand; `mediasoup` when absent. */
  readonly name?: string;
}

/** mediasoup with its own settings and, unless told otherwise, the same worker binary, one worker, where all receive all that they subscribe to. */
export class Mediasoup implements System {
  readonly name: string;
  readonly seesAll = true;
  readonly endpoints: Endpoints;
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
  #server: MediasoupAnswers['server'] | undefined;
  #lastId = 0;

  private constructor(name: string, child: ChildProcess, endpoints: Endpoints) {
    this.name = name;
    this.#child = child;
    this.endpoints = endpoints;
    child.on('message', ({ id, answer, error }: NumberedAnswer) => {
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      if (error === undefined) pending?.resolve(answer as never);
      else pending?.reject(new Error(error));
    });
  }

  /** `entry` is a module that calls `runMediasoup` when it is forked. */
  static async open(entry: string, { name = 'mediasoup', ...settings }: MediasoupOptions = {}): Promise<Mediasoup> {
    const child = fork(entry, [JSON.stringify(settings satisfies MediasoupSettings)]);
    await once(child, 'message');
    const system = new Mediasoup(name, child, await Endpoints.open());
    system.#server = await system.#ask({ ask: 'server' });
    return system;
  }

  get pids(): readonly number[] {
    return [this.#child.pid ?? Number.NaN, this.workerPid];
  }

  /** Of `pids` the worker's, where packets are forwarded. */
  get workerPid(): number {
    return this.#server?.workerPid ?? Number.NaN;
  }

  /** Packets that it has sent to all who receive, as it counts itself. */
  async sent(): Promise<number> {
    return (await this.#ask({ ask: 'sent' })).packets;
  }

  async join(): Promise<MediasoupPerson> {
    this.#lastId += 1;
    const { rtpCapabilities } = this.#server ?? { rtpCapabilities: {} };
    return new MediasoupPerson(`${this.#lastId}`, this.endpoints, (question) => this.#ask(question), rtpCapabilities);
  }

  async close(): Promise<void> {
    const exit = once(this.#child, 'exit');
    await this.endpoints.close();
    this.#child.disconnect();
    await exit;
  }

  #ask: Ask = (question) => {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#child.send({ ...question, id });
    });
  };
}

export class MediasoupPerson implements Person {
  readonly id: string;
  readonly #endpoints: Endpoints;
  readonly #ask: Ask;
  readonly #transportSequenceId: number | undefined;
  readonly #producerIds: string[] = [];
  readonly #consumed = new Set<string>();
  #camera: { readonly endpoint: Endpoint; readonly ssrc: number } | undefined;
  #receiving: { readonly endpoint: Endpoint; readonly transportId: string } | undefined;

  constructor(id: string, endpoints: Endpoints, ask: Ask, { headerExtensions }: types.RtpCapabilities) {
    this.id = id;
    this.#endpoints = endpoints;
    this.#ask = ask;
    this.#transportSequenceId = headerExtensions?.find(({ uri }) => uri.includes('transport-wide-cc'))?.preferredId;
  }

  get producerIds(): readonly string[] {
    return this.#producerIds;
  }

  async publish(shapes: readonly StreamShape[]): Promise<void> {
    const { endpoint, transportId } = await this.#connect();
    endpoint.answer({ transportSequenceId: undefined });
    for (const [at, shape] of shapes.entries()) {
      const { rtpParameters, plan } = publishedStream(shape, `${at}`);
      const options = { kind: shape.kind, rtpParameters: rtpParameters as types.RtpParameters };
      const { producerId } = await this.#ask({ ask: 'produce', transportId, options });
      this.#producerIds.push(producerId);
      endpoint.stream(plan);
      if (shape.kind === 'video') this.#camera = { endpoint, ssrc: plan.ssrc };
    }
  }

  /** Its video sends these packets in place of what it sent. */
  play(script: PacketScript): void {
    this.#camera?.endpoint.play(this.#camera.ssrc, script);
  }

  /** In addition to those before: nobody stops to look at somebody where all see all. */
  async subscribe(people: readonly Person[]): Promise<void> {
    this.#receiving ??= await this.#connect();
    const { endpoint, transportId } = this.#receiving;
    endpoint.answer({ transportSequenceId: this.#transportSequenceId });
    for (const producerId of people.flatMap((person) =>
      person instanceof MediasoupPerson ? person.producerIds : [],
    )) {
      if (this.#consumed.has(producerId)) continue;
      this.#consumed.add(producerId);
      const { rtpParameters, kind } = await this.#ask({ ask: 'consume', transportId, producerId });
      const [encoding] = rtpParameters.encodings ?? [];
      endpoint.expect({ ssrc: encoding?.ssrc ?? 0, kind, rtxSsrc: encoding?.rtx?.ssrc });
    }
    await this.#endpoints.settled();
  }

  async #connect() {
    const endpoint = await this.#endpoints.openEndpoint({ secured: true });
    const parameters = await this.#ask({ ask: 'transport' });
    await endpoint.openPath(parameters as TransportParameters, (value) => {
      const dtlsParameters = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] } as const;
      return this.#ask({
        ask: 'connect',
        transportId: parameters.id,
        dtlsParameters: { ...dtlsParameters, fingerprints: [...dtlsParameters.fingerprints] },
      });
    });
    return { endpoint, transportId: parameters.id };
  }
}
