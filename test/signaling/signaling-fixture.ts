import { type DeviceId, type RoomId, silentLog, systemClock, type UserId } from '../../src/base/index.ts';
import { Metrics } from '../../src/ops/index.ts';
import type { Sfu } from '../../src/sfu/index.ts';
import {
  DevTokens,
  SIGNALING_LIMITS,
  type SignalingLimits,
  type SignalingOptions,
  SignalingServer,
  TokenVerifier,
} from '../../src/signaling/index.ts';
import type { AnyRtpCapabilities } from '../../src/wire/index.ts';
import { browserRtpCapabilities } from '../support/rtp-fixtures.ts';
import { bodyOf, SignalingClient } from '../support/signaling-client.ts';
import { until } from '../support/until.ts';

type Overrides = Partial<Omit<SignalingOptions, 'limits'>> & { readonly limits?: Partial<SignalingLimits> };
type TokenOptions = {
  readonly user?: string;
  readonly device?: string;
  readonly role?: 'speaker' | 'listener';
  readonly moderator?: boolean;
};

/** A real signaling server in front of a real SFU, and the clients of one test. */
export class SignalingFixture {
  readonly metrics: Metrics;
  readonly #clients: SignalingClient[] = [];
  readonly #loadBefore: Sfu['load'];

  private constructor(
    readonly server: SignalingServer,
    readonly sfu: Sfu,
    readonly devTokens: DevTokens,
    metrics: Metrics,
  ) {
    this.metrics = metrics;
    this.#loadBefore = sfu.load;
  }

  static async open(sfu: Sfu, { limits, ...options }: Overrides = {}): Promise<SignalingFixture> {
    const devTokens = await DevTokens.open();
    const metrics = new Metrics();
    const server = await SignalingServer.open({
      host: '127.0.0.1',
      port: 0,
      sfu,
      tokens: await TokenVerifier.open([devTokens.publicKey]),
      webRoot: undefined,
      devTokens,
      webhook: undefined,
      limits: { ...SIGNALING_LIMITS, ...limits },
      clock: systemClock,
      log: silentLog,
      metrics,
      ...options,
    });
    return new SignalingFixture(server, sfu, devTokens, metrics);
  }

  async connect(options?: Parameters<typeof SignalingClient.open>[1]): Promise<SignalingClient> {
    const client = await SignalingClient.open(this.server.port, options);
    this.#clients.push(client);
    return client;
  }

  token(room: string, { user, device, role, moderator }: TokenOptions = {}): Promise<string> {
    return this.devTokens.sign(room as RoomId, {
      ...(user === undefined ? {} : { user: user as UserId }),
      ...(device === undefined ? {} : { device: device as DeviceId }),
      ...(role === undefined ? {} : { role }),
      ...(moderator === undefined ? {} : { moderator }),
    });
  }

  /** A client that has said Hello. */
  async greeted(room: string, options?: TokenOptions): Promise<SignalingClient> {
    const client = await this.connect();
    await client.hello(await this.token(room, options));
    return client;
  }

  /** A client that is in the room. */
  async member(room: string, options?: TokenOptions) {
    const client = await this.greeted(room, options);
    return { client, ...(await join(client, room)) };
  }

  /** The counter's value for one label, or in all. */
  async count(
    name: 'framesReceived' | 'refusals' | 'socketsOpened' | 'sessionsOpened' | 'sessionsClosed' | 'sessionsResumed',
    label?: string,
  ): Promise<number> {
    const { values } = await this.metrics[name].get();
    const counted = values.filter(({ labels }) => label === undefined || Object.values(labels).includes(label));
    return counted.reduce((sum, { value }) => sum + value, 0);
  }

  /** Closes the test's clients and waits until nothing of them is left, here and in the SFU, which may serve others. */
  async clear(): Promise<void> {
    for (const client of this.#clients.splice(0)) void client.close();
    const before = Object.values(this.#loadBefore);
    await until('no session, and no more in the SFU than before', () => {
      return (
        this.server.sessions === 0 && Object.values(this.sfu.load).every((count, at) => count <= (before[at] ?? 0))
      );
    });
  }

  async close(): Promise<void> {
    await this.clear();
    this.server.close();
  }
}

export async function join(client: SignalingClient, room: string) {
  const rtpCapabilities = browserRtpCapabilities() as AnyRtpCapabilities;
  return bodyOf(await client.request({ case: 'join', value: { roomId: room as RoomId, rtpCapabilities } }), 'joined');
}

export function isEmpty(sfu: Sfu): boolean {
  const { rooms, peers, transports, producers, consumers } = sfu.load;
  return rooms + peers + transports + producers + consumers === 0;
}
