import type { types } from 'mediasoup';
import type { ConsumerId, Log, PeerId } from '../base/index.ts';
import type { Audience } from './audience.ts';
import type { PeerFact } from './peer-fact.ts';
import type { Producer } from './producer.ts';
import type { Transport } from './transport.ts';
import type { Service } from './view/plan.ts';
import type { Wanted } from './view/view.ts';

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

/** A media stream towards one peer: told when it is open; flows while the peer is ready for it and it does not rest. */
export class Consumer {
  readonly producer: Producer;
  readonly #context: ConsumerContext;
  readonly #audience: Audience | undefined;
  #service: Service;
  #isReady = false;
  /** As which viewer of its producer it is counted. */
  #watchedLayer: number | undefined;
  #state: ConsumerState = { kind: 'opening' };

  constructor(producer: Producer, service: Service, context: ConsumerContext) {
    this.producer = producer;
    this.#service = service;
    this.#context = context;
    this.#audience = producer.audience;
    this.#watch();
  }

  get service(): Service {
    return this.#service;
  }

  /** Calls `opened` before the peer is told; not at all when that failed or it is no longer needed. Never rejects. */
  async open(opened: (id: ConsumerId) => void): Promise<void> {
    const { transport, rtpCapabilities, log } = this.#context;
    const { spatialLayer } = this.#service.wanted;
    try {
      const consumer = await transport.consume(this.producer, {
        rtpCapabilities,
        paused: true,
        appData: { rests: isResting(this.#service) }, // for `load.ts`
        isWanted: () => this.#state.kind === 'opening',
        ...(spatialLayer === undefined ? {} : { preferredLayers: { spatialLayer } }),
      });
      this.#opened(consumer, { spatialLayer, priority: undefined }, opened);
    } catch (error) {
      // A producer or a peer that closed meanwhile is ordinary; else there is no codec in common: others can do without this one.
      if (this.#state.kind === 'opening') {
        log.debug('consumer refused', { reason: error instanceof Error ? error.name : 'unknown' }); // its message has a whole id
        this.#enter({ kind: 'refused' });
      }
    }
  }

  serve(service: Service): void {
    const before = this.#service;
    this.#service = service;
    this.#watch();
    if (this.#state.kind !== 'open') return;
    const { consumer } = this.#state;
    this.#relayer(consumer, before.wanted);
    if (this.#isReady && isResting(before) !== isResting(service)) this.#flow(consumer);
  }

  /** The peer can play it. mediasoup asks for a key frame whenever it begins to flow. */
  ready(): void {
    if (this.#isReady || this.#state.kind !== 'open') return;
    this.#isReady = true;
    if (!isResting(this.#service)) this.#flow(this.#state.consumer);
  }

  /** The id, when it had been told. */
  close(): ConsumerId | undefined {
    const state = this.#state;
    this.#enter({ kind: 'closed' });
    if (state.kind !== 'open') return undefined;
    state.consumer.close();
    return state.consumer.id as ConsumerId;
  }

  #opened(consumer: types.Consumer, asked: Wanted, opened: (id: ConsumerId) => void): void {
    if (this.#state.kind !== 'opening') {
      consumer.close();
      return;
    }
    this.#enter({ kind: 'open', consumer });
    const consumerId = consumer.id as ConsumerId;
    opened(consumerId);
    this.#relayer(consumer, asked);
    consumer.on('layerschange', (layers) => {
      this.#context.tell({ case: 'consumerLayersChanged', value: { consumerId, ...layers } });
    });
    const { id: producerId, peerId, source, kind } = this.producer;
    const { rtpParameters } = consumer;
    const value = { consumerId, producerId, peerId, source, kind, rtpParameters };
    this.#context.tell({ case: 'consumerOpened', value });
  }

  #relayer(consumer: types.Consumer, before: Wanted): void {
    const { spatialLayer, priority } = this.#service.wanted;
    if (spatialLayer !== undefined && spatialLayer !== before.spatialLayer) {
      this.#settle(consumer.setPreferredLayers({ spatialLayer }));
    }
    if (priority !== undefined && priority !== before.priority) this.#settle(consumer.setPriority(priority));
  }

  #flow(consumer: types.Consumer): void {
    this.#settle(isResting(this.#service) ? consumer.pause() : consumer.resume());
  }

  #enter(state: ConsumerState): void {
    this.#state = state;
    this.#watch();
  }

  /** Counts from when it is shown, before the peer is ready: the sender starts the layer meanwhile. */
  #watch(): void {
    const { kind } = this.#state;
    const isWatched = (kind === 'opening' || kind === 'open') && !isResting(this.#service);
    const layer = isWatched ? (this.#service.wanted.spatialLayer ?? 0) : undefined;
    this.#audience?.move(this.#watchedLayer, layer);
    this.#watchedLayer = layer;
  }

  /** Nobody waits for these requests: the worker carries them out in order, and they fail only when something closed. */
  #settle(request: Promise<void>): void {
    request.catch((error) => {
      if (this.#state.kind === 'open') this.#context.log.debug('consumer request failed', { error });
    });
  }
}

function isResting({ restsSinceMs }: Service): boolean {
  return restsSinceMs !== undefined;
}
