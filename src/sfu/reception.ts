import {
  CallError,
  type Clock,
  type ConsumerId,
  type PeerId,
  type Rate,
  sourceKey,
  TokenBucket,
} from '../base/index.ts';
import { Consumer, type ConsumerContext } from './consumer.ts';
import type { Producer } from './producer.ts';
import type { MediaKind, Source } from './source.ts';
import type { Transport } from './transport.ts';
import { type Named, nextNamed } from './view/named.ts';
import { type Needs, type Plan, plan, type RestingService } from './view/plan.ts';
import { type Tile, type View, WANTED_AUDIO, wantedAtRest, wantedVideo } from './view/view.ts';

/** Videos that one peer keeps ready: a page of a 5 x 5 grid, or two of smaller ones. Each costs a look per packet of its producer. */
const MAX_RESTING_VIDEO = 25;

/** Voices that one peer keeps ready beside those it hears: who talks with whom changes among few. */
const MAX_RESTING_AUDIO = 5;

/**
 * Consumers that one peer opens. At once as many as two views of the largest size; then a large page and its neighbours a second. An opening
 * is work for the worker, for this process and for all who wait behind it: higher lets one client that turns pages like mad take more of that.
 */
const OPENS: Rate = { perSecond: 50, burst: 150 };

/** What was too much is looked at again after so long: five more have become free. */
const LOOK_AGAIN_MS = 100;

/** What a reception asks of its room: what the other peers publish. */
export interface Others {
  find(peerId: PeerId, source: Source): Producer | undefined;
  /** The sounds that everybody hears but who makes them; few, whatever the size of the room. */
  readonly heard: Iterable<Producer>;
}

export interface ReceptionContext extends ConsumerContext {
  readonly clock: Clock;
}

/** serving --suspend()--> suspended --moveTo()--> serving; any --close()--> closed */
type ReceptionState = 'serving' | 'suspended' | 'closed';

/**
 * Everything that one peer receives: the consumers that its view asks for, and some at rest that it may soon ask for. Whatever changes,
 * it costs as much as is on the screen and what the room hears, which is bounded.
 */
export class Reception {
  #context: ReceptionContext;
  readonly #others: Others;
  readonly #consumers = { video: new Map<Producer, Consumer>(), audio: new Map<Producer, Consumer>() };
  readonly #byId = new Map<ConsumerId, Consumer>();
  /** Of what kind it is to be looked again which consumers there should be. */
  readonly #due = new Set<MediaKind>();
  readonly #wakeAtMs = new Map<MediaKind, number>();
  readonly #opens: TokenBucket;
  #view: View = { tiles: [], hears: false };
  #tiles: ReadonlyMap<string, Tile> = new Map();
  #named: ReadonlyMap<string, Named> = new Map();
  #cancelWake: () => void = () => undefined;
  #state: ReceptionState = 'serving';

  constructor(context: ReceptionContext, others: Others) {
    this.#context = context;
    this.#others = others;
    this.#opens = new TokenBucket(OPENS, context.clock.nowMs());
  }

  /** Views of one moment are served as one; how many consumers may be opened is bounded besides. */
  setView(view: View): void {
    const { hears } = this.#view;
    this.#view = view;
    this.#tiles = new Map(view.tiles.map((tile) => [sourceKey(tile), tile]));
    this.#named = nextNamed(view.neighbours ?? [], this.#named, this.#context.clock.nowMs());
    this.#look('video');
    if (view.hears !== hears) this.#look('audio');
  }

  /** Another set of sounds is heard in the room. */
  heardChanged(): void {
    if (this.#view.hears) this.#look('audio');
  }

  /** Of sounds, `heardChanged` tells. */
  producerOpened(producer: Producer): void {
    const key = sourceKey(producer);
    if (producer.kind === 'video' && (this.#tiles.has(key) || this.#named.has(key))) this.#look('video');
  }

  /** `told: false` when the whole peer left: that says it. */
  producerClosed(producer: Producer, { told }: { readonly told: boolean }): void {
    this.#close(producer, { told });
  }

  /** @throws CallError `not-found` */
  ready(id: ConsumerId): void {
    const consumer = this.#byId.get(id);
    if (!consumer) throw new CallError('not-found', 'no such consumer of this peer');
    consumer.ready();
  }

  /** The transport is gone, and with it all consumers; the client is not told of each. The view stays. */
  suspend(): void {
    this.#end('suspended');
  }

  /** Serves the view over another transport. */
  moveTo(transport: Transport): void {
    this.#context = { ...this.#context, transport };
    this.#state = 'serving';
    this.#look('video', 'audio');
  }

  /** Called after the transport closed: that has closed the open consumers, and those still opening close when they arrive. */
  close(): void {
    this.#end('closed');
  }

  #end(state: 'suspended' | 'closed'): void {
    this.#state = state;
    this.#cancelWake();
    this.#wakeAtMs.clear();
    for (const consumers of Object.values(this.#consumers)) {
      for (const consumer of consumers.values()) consumer.close();
      consumers.clear();
    }
    this.#byId.clear();
  }

  #look(...kinds: readonly MediaKind[]): void {
    const isQueued = this.#due.size > 0;
    for (const kind of kinds) this.#due.add(kind);
    if (!isQueued) queueMicrotask(() => this.#serve());
  }

  #serve(): void {
    // Sound first: there is little of it, and it matters most.
    const kinds = (['audio', 'video'] as const).filter((kind) => this.#due.has(kind));
    this.#due.clear();
    if (this.#state !== 'serving') return;
    const nowMs = this.#context.clock.nowMs();
    for (const kind of kinds) {
      const steps = plan(kind === 'video' ? this.#videoNeeds() : this.#audioNeeds(), nowMs);
      const open = steps.open.filter(() => this.#opens.take(1, nowMs));
      const wakeAtMs = open.length < steps.open.length ? nowMs + LOOK_AGAIN_MS : steps.wakeAtMs;
      if (wakeAtMs === undefined) this.#wakeAtMs.delete(kind);
      else this.#wakeAtMs.set(kind, wakeAtMs);
      this.#carryOut({ ...steps, open }, this.#consumers[kind]);
    }
    this.#wakeLater(nowMs);
  }

  #videoNeeds(): Needs<Producer> {
    const find = (peerId: PeerId, source: Source) => this.#others.find(peerId, source);
    const named = new Map<Producer, RestingService>();
    for (const { peerId, source, sinceMs } of this.#named.values()) {
      const producer = find(peerId, source);
      if (producer?.kind === 'video') named.set(producer, { wanted: wantedAtRest(producer), restsSinceMs: sinceMs });
    }
    const wanted = wantedVideo(this.#view, find);
    return { wanted, named, existing: servicesOf(this.#consumers.video), maxResting: MAX_RESTING_VIDEO };
  }

  #audioNeeds(): Needs<Producer> {
    const { hears } = this.#view;
    const heard = hears ? [...this.#others.heard].filter(({ peerId }) => peerId !== this.#context.peerId) : [];
    return {
      wanted: new Map(heard.map((producer) => [producer, WANTED_AUDIO])),
      named: new Map(),
      existing: servicesOf(this.#consumers.audio),
      maxResting: hears ? MAX_RESTING_AUDIO : 0,
    };
  }

  /** Nothing waits for what opens: behind a pipe to a worker that hangs that may take seconds, and the rest is served meanwhile. */
  #carryOut(steps: Plan<Producer>, consumers: ReadonlyMap<Producer, Consumer>): void {
    for (const producer of steps.close) this.#close(producer, { told: true });
    for (const [producer, restsSinceMs] of steps.pause) {
      const consumer = consumers.get(producer);
      consumer?.serve({ ...consumer.service, restsSinceMs });
    }
    for (const [producer, wanted] of [...steps.relayer, ...steps.resume]) {
      consumers.get(producer)?.serve({ wanted, restsSinceMs: undefined });
    }
    for (const [producer, service] of steps.open) {
      const consumer = new Consumer(producer, service, this.#context);
      this.#consumers[producer.kind].set(producer, consumer);
      void consumer.open((id) => this.#byId.set(id, consumer));
    }
  }

  /** One timer, for whatever has rested for long enough first. */
  #wakeLater(nowMs: number): void {
    this.#cancelWake();
    if (this.#wakeAtMs.size === 0) return;
    const delayMs = Math.max(Math.min(...this.#wakeAtMs.values()) - nowMs, 0);
    this.#cancelWake = this.#context.clock.after(delayMs, () => this.#look('video', 'audio'));
  }

  #close(producer: Producer, { told }: { readonly told: boolean }): void {
    const consumers = this.#consumers[producer.kind];
    const consumerId = consumers.get(producer)?.close();
    consumers.delete(producer);
    if (consumerId === undefined) return;
    this.#byId.delete(consumerId);
    if (told) this.#context.tell({ case: 'consumerClosed', value: { consumerId } });
  }
}

function servicesOf(consumers: ReadonlyMap<Producer, Consumer>) {
  return new Map(Array.from(consumers, ([producer, consumer]) => [producer, consumer.service]));
}
