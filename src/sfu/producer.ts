import { parseScalabilityMode, type types } from 'mediasoup';
import { CallError, Mailbox, type PeerId, type ProducerId } from '../base/index.ts';
import type { RosterProducer } from './peer-fact.ts';
import { kindOf, type MediaKind, type Source } from './source.ts';

/** A media stream into the server. */
export class Producer {
  readonly id: ProducerId;
  readonly kind: MediaKind;
  readonly spatialLayers: number;
  readonly #producer: types.Producer;
  readonly #mailbox = new Mailbox();
  #paused: boolean;

  constructor(
    readonly peerId: PeerId,
    readonly source: Source,
    producer: types.Producer,
  ) {
    this.id = producer.id as ProducerId;
    this.kind = kindOf(source);
    this.spatialLayers = spatialLayersOf(producer);
    this.#producer = producer;
    this.#paused = producer.paused;
  }

  get rosterProducer(): RosterProducer {
    return { id: this.id, source: this.source, paused: this.#paused };
  }

  /**
   * Calls `changed` in the step in which it changes; not at all when it is so already.
   * @throws CallError `not-found` when closed meanwhile, else mediasoup's error.
   */
  setPaused({ paused }: { readonly paused: boolean }, changed: () => void): Promise<void> {
    return this.#mailbox.run(async () => {
      if (this.#paused === paused) return;
      await (paused ? this.#producer.pause() : this.#producer.resume());
      if (this.#producer.closed) throw new CallError('not-found', 'the producer closed meanwhile');
      this.#paused = paused;
      changed();
    });
  }

  close(): void {
    this.#producer.close();
  }
}

/** Simulcast has an encoding per layer, SVC says all of them in one. */
function spatialLayersOf({ rtpParameters }: types.Producer): number {
  const { encodings = [] } = rtpParameters;
  if (encodings.length > 1) return encodings.length;
  const scalabilityMode = encodings[0]?.scalabilityMode;
  return scalabilityMode === undefined ? 1 : parseScalabilityMode(scalabilityMode).spatialLayers;
}
