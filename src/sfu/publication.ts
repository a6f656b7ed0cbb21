import type { types } from 'mediasoup';
import { CallError, type PeerId, type ProducerId, type Scope } from '../base/index.ts';
import type { RosterProducer } from './peer-fact.ts';
import { Producer } from './producer.ts';
import { isOfKind, type RtpParameters } from './rtp.ts';
import { kindOf, type Source } from './source.ts';
import type { Transport } from './transport.ts';

export interface PublishOptions {
  readonly rtpParameters: RtpParameters;
  readonly paused: boolean;
}

/** Everything that one peer publishes. */
export class Publication {
  readonly #peerId: PeerId;
  readonly #transport: Transport;
  /** The peer's: closed when it is. */
  readonly #scope: Scope;
  readonly #bySource = new Map<Source, Producer | 'opening'>();
  readonly #byId = new Map<ProducerId, Producer>();

  constructor(peerId: PeerId, transport: Transport, scope: Scope) {
    this.#peerId = peerId;
    this.#transport = transport;
    this.#scope = scope;
  }

  get producers(): Iterable<Producer> {
    return this.#byId.values();
  }

  get roster(): RosterProducer[] {
    return Array.from(this.#byId.values(), ({ rosterProducer }) => rosterProducer);
  }

  bySource(source: Source): Producer | undefined {
    const producer = this.#bySource.get(source);
    return producer === 'opening' ? undefined : producer;
  }

  /** @throws CallError `not-found` */
  byId(id: ProducerId): Producer {
    const producer = this.#byId.get(id);
    if (!producer) throw new CallError('not-found', 'no such producer of this peer');
    return producer;
  }

  /**
   * Calls `opened` in the step in which the producer becomes one of these; not at all when the peer closed meanwhile.
   * @throws CallError `forbidden`, else mediasoup's error.
   */
  async open(source: Source, options: PublishOptions, opened: (producer: Producer) => void): Promise<ProducerId> {
    const kind = kindOf(source);
    if (!isOfKind(options.rtpParameters, kind)) throw new CallError('forbidden', `a ${source} is ${kind}`);
    if (this.#bySource.has(source)) throw new CallError('forbidden', `the ${source} is published already`);
    this.#bySource.set(source, 'opening');
    try {
      const rtpParameters = options.rtpParameters as types.RtpParameters;
      const producer = await this.#transport.produce({ kind, rtpParameters, paused: options.paused });
      return this.#add(new Producer(this.#peerId, source, producer), opened);
    } catch (error) {
      this.#bySource.delete(source);
      throw error;
    }
  }

  /** @throws CallError `not-found` */
  close(id: ProducerId): Producer {
    const producer = this.byId(id);
    this.#byId.delete(id);
    this.#bySource.delete(producer.source);
    producer.close();
    return producer;
  }

  #add(producer: Producer, opened: (producer: Producer) => void): ProducerId {
    // Nobody closes what mediasoup gave to a transport that had closed.
    if (this.#scope.closed) producer.close();
    else {
      this.#bySource.set(producer.source, producer);
      this.#byId.set(producer.id, producer);
      opened(producer);
    }
    return producer.id;
  }
}
