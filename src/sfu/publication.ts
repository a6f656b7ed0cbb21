import type { types } from 'mediasoup';
import { CallError, type Clock, type PeerId, type ProducerId } from '../base/index.ts';
import type { RosterProducer, WatchedLayers } from './peer-fact.ts';
import { type Flow, Producer } from './producer.ts';
import { isOfKind, type RtpParameters } from './rtp.ts';
import { kindOf, type Source } from './source.ts';
import type { Transport } from './transport.ts';

export interface PublishOptions {
  readonly rtpParameters: RtpParameters;
  readonly paused: boolean;
}

/** Told in the step in which it happens. */
export interface PublicationHost {
  opened(producer: Producer): void;
  /** What was interrupted flows again, under its old id. */
  returned(producer: Producer, before: { readonly paused: boolean }): void;
  /** Others of the layers of a video are watched. */
  watched(layers: WatchedLayers): void;
}

/** Everything that one peer publishes. */
export class Publication {
  readonly #peerId: PeerId;
  readonly #clock: Clock;
  readonly #host: PublicationHost;
  readonly #opening = new Set<Source>();
  readonly #bySource = new Map<Source, Producer>();

  constructor(peerId: PeerId, clock: Clock, host: PublicationHost) {
    this.#peerId = peerId;
    this.#clock = clock;
    this.#host = host;
  }

  get producers(): Iterable<Producer> {
    return this.#bySource.values();
  }

  get interrupted(): readonly Producer[] {
    return [...this.producers].filter(({ isLive }) => !isLive);
  }

  get roster(): RosterProducer[] {
    return Array.from(this.producers, ({ rosterProducer }) => rosterProducer);
  }

  /** `undefined` also while it is interrupted. */
  bySource(source: Source): Producer | undefined {
    const producer = this.#bySource.get(source);
    return producer?.isLive ? producer : undefined;
  }

  /** @throws CallError `not-found` */
  byId(id: ProducerId): Producer {
    for (const producer of this.producers) if (producer.id === id) return producer; // of four at most
    throw new CallError('not-found', 'no such producer of this peer');
  }

  /**
   * A source that was interrupted gets its producer back. Tells the host, unless the transport closed meanwhile.
   * @throws CallError `forbidden`, else mediasoup's error.
   */
  async open(source: Source, options: PublishOptions, transport: Transport): Promise<ProducerId> {
    const kind = kindOf(source);
    if (!isOfKind(options.rtpParameters, kind)) throw new CallError('forbidden', `a ${source} is ${kind}`);
    if (this.#opening.has(source) || this.bySource(source))
      throw new CallError('forbidden', `the ${source} is published already`);
    this.#opening.add(source);
    try {
      const rtpParameters = options.rtpParameters as types.RtpParameters;
      const id = this.#bySource.get(source)?.id;
      const producer = await transport.produce({ kind, rtpParameters, paused: options.paused, ...(id && { id }) });
      // Nobody closes what mediasoup gave to a transport that had closed.
      if (transport.closed) producer.close();
      else this.#flows(source, { producer, home: transport.home });
      return producer.id as ProducerId;
    } finally {
      this.#opening.delete(source);
    }
  }

  /** Nothing flows any more, all that was published stays. */
  interrupt(): void {
    for (const producer of this.producers) producer.interrupt();
  }

  /** @throws CallError `not-found` */
  close(id: ProducerId): Producer {
    const producer = this.byId(id);
    this.#bySource.delete(producer.source);
    producer.close();
    return producer;
  }

  #flows(source: Source, flow: Flow): void {
    const before = this.#bySource.get(source);
    if (before) {
      const { paused } = before;
      before.resume(flow);
      this.#host.returned(before, { paused });
    } else {
      const producer: Producer = new Producer(this.#peerId, source, flow, {
        clock: this.#clock,
        watched: (layer) =>
          this.#host.watched({ producerId: producer.id, ...(layer === undefined ? {} : { spatialLayer: layer }) }),
      });
      this.#bySource.set(source, producer);
      this.#host.opened(producer);
    }
  }
}
