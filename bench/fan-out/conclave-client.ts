import type { WebSocket } from 'ws';
import type { ProducerId, RoomId } from '../../src/base/index.ts';
import type { AnyRtpCapabilities, AnyRtpParameters } from '../../src/wire/index.ts';
import { browserRtpCapabilities, opusRtpParameters } from '../../test/support/rtp-fixtures.ts';
import { bodyOf, SignalingClient } from '../../test/support/signaling-client.ts';
import type { FanOutClient } from './fan-out-client.ts';

const ROOM = 'fan-out' as RoomId;

/** In a room of our server. */
export class ConclaveClient implements FanOutClient {
  readonly #client: SignalingClient;
  #producerId = '' as ProducerId;

  private constructor(client: SignalingClient) {
    this.#client = client;
  }

  static async join(origin: string, role: 'speaker' | 'listener'): Promise<ConclaveClient> {
    const body = JSON.stringify({ room: ROOM, role });
    const { token } = (await (await fetch(`${origin}/dev/tokens`, { method: 'POST', body })).json()) as {
      token: string;
    };
    const client = await SignalingClient.open(Number(new URL(origin).port));
    await client.hello(token);
    const rtpCapabilities = browserRtpCapabilities() as AnyRtpCapabilities;
    await client.request({ case: 'join', value: { roomId: ROOM, rtpCapabilities } });
    return new ConclaveClient(client);
  }

  get socket(): WebSocket {
    return this.#client.socket;
  }

  get producerId(): string {
    return this.#producerId;
  }

  async ping(): Promise<void> {
    await this.#client.ping();
  }

  /** Sound of a screen: what levels and layers say of other sources would be told in between. */
  async publish(): Promise<void> {
    const rtpParameters = opusRtpParameters('0') as AnyRtpParameters;
    const value = { source: 'screen-audio', rtpParameters, paused: false } as const;
    this.#producerId = bodyOf(await this.#client.request({ case: 'produce', value }), 'produce').producerId;
  }

  async setPaused({ paused }: { readonly paused: boolean }): Promise<void> {
    await this.#client.request({ case: 'setProducerPaused', value: { producerId: this.#producerId, paused } });
  }

  takeTold(): string[] {
    return this.#client.facts.splice(0).map((fact) => {
      if (fact.case === 'producerPaused') return `paused ${fact.value.producerId}`;
      if (fact.case === 'producerResumed') return `resumed ${fact.value.producerId}`;
      return fact.case;
    });
  }
}
