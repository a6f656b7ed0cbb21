import type { PeerId, RoomId } from '../../src/base/index.ts';
import type { Source } from '../../src/sfu/index.ts';
import type { AnyRtpCapabilities, AnyRtpParameters, SentView } from '../../src/wire/index.ts';
import {
  browserRtpCapabilities,
  opusRtpParameters,
  screenRtpParameters,
  simulcastRtpParameters,
} from './rtp-fixtures.ts';
import { bodyOf, SignalingClient } from './signaling-client.ts';

const PARAMETERS = {
  microphone: () => opusRtpParameters('0'),
  camera: () => simulcastRtpParameters('1'),
  screen: () => screenRtpParameters('2'),
  'screen-audio': () => opusRtpParameters('3'),
} as const satisfies Record<Source, unknown>;

/** A peer that says all that a client says, and has no media behind it. */
export class ViewingPeer {
  readonly id: PeerId;
  readonly #client: SignalingClient;
  #read = 0;
  #opened = 0;

  private constructor(id: PeerId, client: SignalingClient) {
    this.id = id;
    this.#client = client;
  }

  static async join(port: number, room: string, token: string): Promise<ViewingPeer> {
    const client = await SignalingClient.open(port);
    await client.hello(token);
    const rtpCapabilities = browserRtpCapabilities() as AnyRtpCapabilities;
    const value = { roomId: room as RoomId, rtpCapabilities };
    const { peerId } = bodyOf(await client.request({ case: 'join', value }), 'joined');
    return new ViewingPeer(peerId, client);
  }

  async publish(source: Source): Promise<void> {
    const rtpParameters = PARAMETERS[source]() as AnyRtpParameters;
    await this.#client.request({ case: 'produce', value: { source, rtpParameters, paused: false } });
  }

  show(view: SentView): void {
    this.#client.say({ case: 'view', value: view });
  }

  /** Says of each consumer that was opened since the last time that it is ready for it. */
  pump(): void {
    const { facts } = this.#client;
    for (; this.#read < facts.length; this.#read += 1) {
      const fact = facts[this.#read];
      if (fact?.case !== 'consumerOpened') continue;
      this.#opened += 1;
      this.#client.say({ case: 'consumerReady', value: { consumerId: fact.value.consumerId } });
    }
  }

  /** Facts so far. */
  get told(): number {
    return this.#client.facts.length;
  }

  /** Consumers so far. */
  get opened(): number {
    return this.#opened;
  }

  /** Once the server has done all that was asked of it before. */
  settled(): Promise<void> {
    return this.#client.ping();
  }

  /** Consumers that were opened for this peer and not closed. */
  get consumers(): number {
    const count = (name: string) => this.#client.facts.filter((fact) => fact.case === name).length;
    return count('consumerOpened') - count('consumerClosed');
  }

  /** Leaves: a socket that was only cut would be waited for. */
  async close(): Promise<void> {
    await this.#client.request({ case: 'leave', value: {} });
    this.#client.cut();
  }
}
