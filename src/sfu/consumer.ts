import type { types } from 'mediasoup';
import type { ConsumerId, Log, PeerId } from '../base/index.ts';
import type { PeerFact } from './peer-fact.ts';
import type { Producer } from './producer.ts';
import type { Transport } from './transport.ts';
import { isSame, type Wanted } from './view.ts';

/** Where a consumer comes from and whom it tells. */
export interface ConsumerContext {
  readonly peerId: PeerId;
  readonly transport: Transport;
  readonly rtpCapabilities: types.RtpCapabilities;
  readonly tell: (fact: PeerFact) => void;
  readonly log: Log;
}

/**
 *   opening --> open --close()--> closed
 *      |--refused--> refused       stays until it is no longer wanted, so that it is not tried at every view
 *      `--close()--> closed        what arrives then is closed at once
 */
type ConsumerState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly consumer: types.Consumer }
  | { readonly kind: 'refused' }
  | { readonly kind: 'closed' };

/** A media stream towards one peer: told when it is open, paused until the peer is ready for it. */
export class Consumer {
  readonly producer: Producer;
  readonly #context: ConsumerContext;
  #wanted: Wanted;
  #state: ConsumerState = { kind: 'opening' };

  constructor(producer: Producer, wanted: Wanted, context: ConsumerContext) {
    this.producer = producer;
    this.#wanted = wanted;
    this.#context = context;
  }

  get wanted(): Wanted {
    return this.#wanted;
  }

  /** Calls `opened` before the peer is told; not at all when that failed or it is no longer wanted. Never rejects. */
  async open(opened: (id: ConsumerId) => void): Promise<void> {
    const { transport, rtpCapabilities, log } = this.#context;
    const asked = this.#wanted;
    try {
      const consumer = await transport.consume(this.producer, {
        rtpCapabilities,
        paused: true,
        ...(asked.spatialLayer === undefined ? {} : { preferredLayers: { spatialLayer: asked.spatialLayer } }),
      });
      this.#opened(consumer, asked, opened);
    } catch (error) {
      // A producer or a peer that closed meanwhile is ordinary; else there is no codec in common: others can do without this one.
      if (this.#state.kind === 'opening') {
        log.debug('consumer refused', { error });
        this.#state = { kind: 'refused' };
      }
    }
  }

  want(wanted: Wanted): void {
    const before = this.#wanted;
    this.#wanted = wanted;
    if (this.#state.kind === 'open') this.#serve(this.#state.consumer, before, wanted);
  }

  /** Lets it flow. */
  resume(): void {
    if (this.#state.kind === 'open') this.#settle(this.#state.consumer.resume());
  }

  /** The id, when it had been told. */
  close(): ConsumerId | undefined {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    if (state.kind !== 'open') return undefined;
    state.consumer.close();
    return state.consumer.id as ConsumerId;
  }

  #opened(consumer: types.Consumer, asked: Wanted, opened: (id: ConsumerId) => void): void {
    if (this.#state.kind !== 'opening') {
      consumer.close();
      return;
    }
    this.#state = { kind: 'open', consumer };
    const consumerId = consumer.id as ConsumerId;
    opened(consumerId);
    this.#serve(consumer, { ...asked, priority: undefined }, this.#wanted);
    consumer.on('layerschange', (layers) => {
      this.#context.tell({ case: 'consumerLayersChanged', value: { consumerId, ...layers } });
    });
    const { id: producerId, peerId, source, kind } = this.producer;
    const { rtpParameters } = consumer;
    const value = { consumerId, producerId, peerId, source, kind, rtpParameters };
    this.#context.tell({ case: 'consumerOpened', value });
  }

  #serve(consumer: types.Consumer, before: Wanted, wanted: Wanted): void {
    if (isSame(before, wanted)) return;
    const { spatialLayer, priority } = wanted;
    if (spatialLayer !== undefined && spatialLayer !== before.spatialLayer) {
      this.#settle(consumer.setPreferredLayers({ spatialLayer }));
    }
    if (priority !== undefined && priority !== before.priority) this.#settle(consumer.setPriority(priority));
  }

  /** Nobody waits for these requests: the worker carries them out in order, and they fail only when something closed. */
  #settle(request: Promise<void>): void {
    request.catch((error) => {
      if (this.#state.kind === 'open') this.#context.log.debug('consumer request failed', { error });
    });
  }
}
