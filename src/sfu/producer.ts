import { parseScalabilityMode, type types } from 'mediasoup';
import { CallError, type Clock, Mailbox, type PeerId, type ProducerId } from '../base/index.ts';
import { Audience } from './audience.ts';
import type { AudioMeter } from './audio-meter.ts';
import type { MediaHome } from './media-home.ts';
import { setPaused } from './pausing.ts';
import type { RosterProducer } from './peer-fact.ts';
import { Pipe } from './pipe.ts';
import { kindOf, type MediaKind, type Source } from './source.ts';

/** What flows in, and the part of the room where it does. */
export interface Flow {
  readonly producer: types.Producer;
  readonly home: MediaHome;
}

export interface ProducerOptions {
  readonly clock: Clock;
  /** Told the highest layer of a video that is worth sending when that has changed; `undefined`: none is. */
  readonly watched: (layer: number | undefined) => void;
}

/**
 *   live --worker died--> interrupted --produced again--> live ...
 *   any --close()--> closed
 */
type ProducerState =
  | ({ readonly kind: 'live' } & Flow)
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'closed' };

/**
 * A media stream into the server. It outlives the worker that it comes in on, under the same id: then nothing flows, until the
 * client produces it again.
 */
export class Producer {
  readonly id: ProducerId;
  readonly kind: MediaKind;
  readonly #options: ProducerOptions;
  readonly #mailbox = new Mailbox();
  readonly #pipes = new Map<MediaHome, Pipe>();
  #state: ProducerState;
  #paused: boolean;
  #spatialLayers: number;
  #audience: Audience | undefined;

  constructor(
    readonly peerId: PeerId,
    readonly source: Source,
    flow: Flow,
    options: ProducerOptions,
  ) {
    this.id = flow.producer.id as ProducerId;
    this.kind = kindOf(source);
    this.#options = options;
    this.#state = { kind: 'live', ...flow };
    this.#paused = flow.producer.paused;
    this.#spatialLayers = spatialLayersOf(flow.producer);
    this.#audience = this.#openAudience();
  }

  get isLive(): boolean {
    return this.#state.kind === 'live';
  }

  get paused(): boolean {
    return this.#paused;
  }

  get spatialLayers(): number {
    return this.#spatialLayers;
  }

  /** Of a video that is live. */
  get audience(): Audience | undefined {
    return this.#audience;
  }

  /** Where its level is measured. @throws CallError `not-found` unless live */
  get meter(): AudioMeter {
    return this.#mustBeLive().home.meter;
  }

  get rosterProducer(): RosterProducer {
    return { id: this.id, source: this.source, paused: this.#paused };
  }

  /**
   * Resolves when it can be consumed in that part of the room: at home at once, elsewhere through a pipe that all who watch
   * there share. The answer says that it is watched no more. @throws CallError `not-found` unless live, mediasoup's error
   */
  async reach(part: MediaHome): Promise<() => void> {
    const { home } = this.#mustBeLive();
    return part === home ? () => undefined : this.#pipeTo(part, home).watch();
  }

  /**
   * Calls `changed` in the step in which it changes; not at all when it is so already.
   * @throws CallError `not-found` when closed meanwhile, else mediasoup's error.
   */
  setPaused({ paused }: { readonly paused: boolean }, changed: () => void): Promise<void> {
    return this.#mailbox.run(async () => {
      if (this.#paused === paused) return;
      if (this.#state.kind === 'live') await setPaused(this.#state.producer, paused);
      if (this.#state.kind === 'closed') throw new CallError('not-found', 'the producer closed meanwhile');
      this.#paused = paused;
      changed();
    });
  }

  /** Its worker died, and with it whatever it had there. */
  interrupt(): void {
    if (this.#state.kind === 'live') this.#end({ kind: 'interrupted' });
  }

  /** It flows again, in all its layers. */
  resume(flow: Flow): void {
    this.#state = { kind: 'live', ...flow };
    this.#paused = flow.producer.paused;
    this.#spatialLayers = spatialLayersOf(flow.producer);
    this.#audience = this.#openAudience();
  }

  close(): void {
    this.#end({ kind: 'closed' });
  }

  #end(next: ProducerState & { readonly kind: 'interrupted' | 'closed' }): void {
    const state = this.#state;
    this.#state = next;
    this.#audience?.close();
    this.#audience = undefined;
    for (const pipe of [...this.#pipes.values()]) pipe.close();
    if (state.kind === 'live') state.producer.close();
  }

  #openAudience(): Audience | undefined {
    if (this.kind === 'audio') return undefined;
    const { clock, watched: wanted } = this.#options;
    return new Audience({ spatialLayers: this.#spatialLayers, clock, wanted });
  }

  #pipeTo(part: MediaHome, home: MediaHome): Pipe {
    const present = this.#pipes.get(part);
    if (present) return present;
    const ends = { from: home.router, to: part.router };
    const closed = () => this.#pipes.delete(part);
    const pipe = new Pipe({ producerId: this.id, ...ends, clock: this.#options.clock, closed });
    this.#pipes.set(part, pipe);
    return pipe;
  }

  #mustBeLive(): Flow {
    if (this.#state.kind !== 'live') throw new CallError('not-found', `the producer is ${this.#state.kind}`);
    return this.#state;
  }
}

/** Simulcast has an encoding per layer, SVC says all of them in one. */
function spatialLayersOf({ rtpParameters }: types.Producer): number {
  const { encodings = [] } = rtpParameters;
  if (encodings.length > 1) return encodings.length;
  const scalabilityMode = encodings[0]?.scalabilityMode;
  return scalabilityMode === undefined ? 1 : parseScalabilityMode(scalabilityMode).spatialLayers;
}
