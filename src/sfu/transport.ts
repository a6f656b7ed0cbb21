import type { types } from 'mediasoup';
import { CallError, kbps } from '../base/index.ts';
import type { MediaHome } from './media-home.ts';
import type { TransportParameters } from './peer-fact.ts';
import type { Producer } from './producer.ts';

/** Seen from the client. */
export type Direction = 'send' | 'recv';

/**
 * What a client is asked, by REMB, to stay below: three layers of a 720p camera (2.5 Mbit/s), a 1080p screen (2.5), audio, and
 * room to probe. Without it one client on a fast line fills the worker's. Higher gives sharper screens, lower protects the rest.
 */
const MAX_INCOMING = kbps(6_000);

/**
 * What a receiver's line is reckoned to carry until it has been measured: enough for small pictures of a call of six at once.
 * Higher starts sharper and stalls on poor mobile lines.
 */
const INITIAL_OUTGOING = kbps(1_000);

export interface ConsumeOptions extends Omit<types.ConsumerOptions, 'producerId'> {
  /** Asked when its turn comes: then it may be closed already. */
  readonly isWanted: () => boolean;
}

type State = 'new' | 'connecting' | 'connected';

/**
 * One ICE and DTLS path of a peer, over UDP, or TCP where UDP is blocked.
 *
 *   new --connect()--> connecting --> connected
 *    ^---- refused --------'
 */
export class Transport {
  readonly home: MediaHome;
  readonly #transport: types.WebRtcTransport;
  #state: State = 'new';

  private constructor(home: MediaHome, transport: types.WebRtcTransport) {
    this.home = home;
    this.#transport = transport;
  }

  static async open(home: MediaHome, direction: Direction): Promise<Transport> {
    const transport = await home.router.createWebRtcTransport({
      webRtcServer: home.worker.server,
      appData: { direction }, // for `load.ts`
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      initialAvailableOutgoingBitrate: INITIAL_OUTGOING,
    });
    // Not awaited: the worker carries out requests in order, and what fails here has closed the transport anyway.
    if (direction === 'send') transport.setMaxIncomingBitrate(MAX_INCOMING).catch(() => undefined);
    return new Transport(home, transport);
  }

  get closed(): boolean {
    return this.#transport.closed;
  }

  get parameters(): TransportParameters {
    const { id, iceParameters, iceCandidates, dtlsParameters } = this.#transport;
    return { id, iceParameters, iceCandidates, dtlsParameters };
  }

  /** @throws CallError `out-of-order` when done before, else mediasoup's error. */
  async connect(dtlsParameters: types.DtlsParameters): Promise<void> {
    if (this.#state !== 'new') throw new CallError('out-of-order', `the transport is ${this.#state}`);
    this.#state = 'connecting';
    try {
      await this.#transport.connect({ dtlsParameters });
      this.#state = 'connected';
    } catch (error) {
      this.#state = 'new';
      throw error;
    }
  }

  restartIce(): Promise<types.IceParameters> {
    return this.#transport.restartIce();
  }

  produce(options: types.ProducerOptions): Promise<types.Producer> {
    return this.#transport.produce(options);
  }

  /** Whichever worker the producer is on: until the consumer closes, it is kept within reach. */
  async consume(producer: Producer, { isWanted, ...options }: ConsumeOptions): Promise<types.Consumer> {
    const letGo = await producer.reach(this.home);
    try {
      const consumer = await this.home.worker.openings.run(async () => {
        if (!isWanted()) throw new CallError('not-found', 'nobody waits for it any more');
        return this.#transport.consume({ ...options, producerId: producer.id });
      });
      consumer.observer.once('close', letGo);
      return consumer;
    } catch (error) {
      letGo();
      throw error;
    }
  }

  /** Closes its producers and consumers with it. */
  close(): void {
    this.#transport.close();
  }
}
