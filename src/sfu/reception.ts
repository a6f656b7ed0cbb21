import { CallError, type ConsumerId, Mailbox, type PeerId } from '../base/index.ts';
import { Consumer, type ConsumerContext } from './consumer.ts';
import type { Producer } from './producer.ts';
import type { Source } from './source.ts';
import type { Transport } from './transport.ts';
import { difference, type Tile, type View, WANTED_AUDIO, type Wanted, wantedFor, wantedVideo } from './view.ts';

/** What a reception asks of its room: what the other peers publish. */
export interface Published {
  find(peerId: PeerId, source: Source): Producer | undefined;
  /** Of all peers, this one included. */
  readonly audio: Iterable<Producer>;
}

/** serving --suspend()--> suspended --moveTo()--> serving; any --close()--> closed */
type ReceptionState = 'serving' | 'suspended' | 'closed';

/**
 * Everything that one peer receives: the consumers that its view asks for. A change of view costs as much as is on the screen;
 * only when hearing begins or ends is every microphone of the room looked at.
 */
export class Reception {
  #context: ConsumerContext;
  readonly #published: Published;
  readonly #mailbox = new Mailbox();
  readonly #video = new Map<Producer, Consumer>();
  readonly #audio = new Map<Producer, Consumer>();
  readonly #byId = new Map<ConsumerId, Consumer>();
  #view: View = { tiles: [], hears: false };
  #tiles: ReadonlyMap<string, Tile> = new Map();
  /** Whether the microphones of those who were here when hearing began have been looked at. */
  #hearing = false;
  #state: ReceptionState = 'serving';

  constructor(context: ConsumerContext, published: Published) {
    this.#context = context;
    this.#published = published;
  }

  /**
   * Views that arrive while one is being served are not served one by one: only the last of them is. Thus a client that
   * scrolls wildly costs the worker no more than it can answer.
   */
  setView(view: View): void {
    this.#view = view;
    this.#tiles = new Map(view.tiles.map((tile) => [tileKey(tile.peerId, tile.source), tile]));
    this.#mailbox.run(() => (view === this.#view ? this.#serve() : undefined));
  }

  producerOpened(producer: Producer): void {
    if (this.#state !== 'serving') return;
    const wanted = this.#wanted(producer);
    const consumers = this.#consumersOf(producer);
    if (wanted && !consumers.has(producer)) this.#open(producer, wanted);
  }

  /** `told: false` when the whole peer left: that says it. */
  producerClosed(producer: Producer, { told }: { readonly told: boolean }): void {
    this.#close(producer, { told });
  }

  /** @throws CallError `not-found` */
  ready(id: ConsumerId): void {
    const consumer = this.#byId.get(id);
    if (!consumer) throw new CallError('not-found', 'no such consumer of this peer');
    consumer.resume();
  }

  /** The transport is gone, and with it all consumers; the client is not told of each. The view stays. */
  suspend(): void {
    this.#end('suspended');
  }

  /** Serves the view over another transport. */
  moveTo(transport: Transport): void {
    this.#context = { ...this.#context, transport };
    this.#state = 'serving';
    this.#hearing = false;
    this.#mailbox.run(() => this.#serve());
  }

  /** Called after the transport closed: that has closed the open consumers, and those still opening close when they arrive. */
  close(): void {
    this.#end('closed');
  }

  #end(state: 'suspended' | 'closed'): void {
    this.#state = state;
    for (const consumer of [...this.#video.values(), ...this.#audio.values()]) consumer.close();
    this.#video.clear();
    this.#audio.clear();
    this.#byId.clear();
  }

  async #serve(): Promise<void> {
    if (this.#state !== 'serving') return;
    const wanted = wantedVideo(this.#view, (peerId, source) => this.#published.find(peerId, source));
    const existing = new Map(Array.from(this.#video, ([producer, consumer]) => [producer, consumer.wanted]));
    const { close, open, relayer } = difference(wanted, existing);
    for (const producer of close) this.#close(producer, { told: true });
    for (const [producer, how] of relayer) this.#video.get(producer)?.want(how);
    const opening = open.map(([producer, how]) => this.#open(producer, how));
    await Promise.all([...opening, ...this.#serveAudio()]);
  }

  #serveAudio(): readonly Promise<void>[] {
    if (!this.#view.hears) {
      this.#hearing = false;
      for (const producer of [...this.#audio.keys()]) this.#close(producer, { told: true });
      return [];
    }
    if (this.#hearing) return [];
    this.#hearing = true;
    const others = [...this.#published.audio].filter(({ peerId }) => peerId !== this.#context.peerId);
    const unheard = others.filter((producer) => !this.#audio.has(producer));
    return unheard.map((producer) => this.#open(producer, WANTED_AUDIO));
  }

  #wanted(producer: Producer): Wanted | undefined {
    if (producer.kind === 'audio') return this.#view.hears ? WANTED_AUDIO : undefined;
    const tile = this.#tiles.get(tileKey(producer.peerId, producer.source));
    return tile && wantedFor(tile, producer);
  }

  async #open(producer: Producer, wanted: Wanted): Promise<void> {
    const consumer = new Consumer(producer, wanted, this.#context);
    this.#consumersOf(producer).set(producer, consumer);
    await consumer.open((id) => this.#byId.set(id, consumer));
  }

  #close(producer: Producer, { told }: { readonly told: boolean }): void {
    const consumers = this.#consumersOf(producer);
    const consumerId = consumers.get(producer)?.close();
    consumers.delete(producer);
    if (consumerId === undefined) return;
    this.#byId.delete(consumerId);
    if (told) this.#context.tell({ case: 'consumerClosed', value: { consumerId } });
  }

  #consumersOf(producer: Producer): Map<Producer, Consumer> {
    return producer.kind === 'audio' ? this.#audio : this.#video;
  }
}

const tileKey = (peerId: PeerId, source: Source) => `${peerId} ${source}`;
