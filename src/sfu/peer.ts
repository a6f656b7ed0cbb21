import type { types } from 'mediasoup';
import { CallError, type ConsumerId, type Log, type PeerId, type ProducerId, type Scope } from '../base/index.ts';
import { type CloseReason, closedError } from './close-reason.ts';
import type { PeerFact, RosterEntry } from './peer-fact.ts';
import type { Producer } from './producer.ts';
import { Publication } from './publication.ts';
import { type Published, Reception } from './reception.ts';
import { refusalOf } from './refusal.ts';
import type { PeerTransports } from './room-media.ts';
import type { RtpParameters } from './rtp.ts';
import type { Source } from './source.ts';
import type { Direction, TransportParameters } from './transport.ts';
import type { View } from './view.ts';

export interface Pausing {
  readonly paused: boolean;
}

/** What a peer asks of those around it, and tells them. */
export interface PeerHost extends Published {
  producerOpened(producer: Producer): void;
  producerPaused(producer: Producer, pausing: Pausing): void;
  producerClosed(producer: Producer): void;
  beganToSpeak(peerId: PeerId): void;
  left(peer: Peer): void;
}

export interface PeerOptions {
  /** All that the others see of a peer but its producers. */
  readonly identity: Omit<RosterEntry, 'producers'>;
  readonly rtpCapabilities: types.RtpCapabilities;
  readonly transports: PeerTransports;
  /** Holds the transports and the seats. */
  readonly scope: Scope;
  readonly tell: (fact: PeerFact) => void;
  readonly roster: readonly RosterEntry[];
  readonly log: Log;
}

/** joined --leave(), worker died, server ends--> closed */
type PeerState = { readonly kind: 'joined' } | { readonly kind: 'closed'; readonly reason: CloseReason };

/**
 * One joined client. Every request of a closed peer is refused: `out-of-order` when it left, `media-lost` when its worker died,
 * `shutting-down` when the server ends. So are requests that were under way then.
 */
export class Peer {
  readonly id: PeerId;
  /** The others, as they were when this one came in; later changes are told. */
  readonly roster: readonly RosterEntry[];
  /** A listener has none. */
  readonly sendTransport: TransportParameters | undefined;
  readonly recvTransport: TransportParameters;
  readonly #options: PeerOptions;
  readonly #host: PeerHost;
  readonly #publication: Publication;
  readonly #reception: Reception;
  #state: PeerState = { kind: 'joined' };
  #rosterEntry: RosterEntry | undefined;

  constructor(options: PeerOptions, host: PeerHost) {
    const { identity, roster, transports, rtpCapabilities, log } = options;
    const { id: peerId } = identity;
    this.id = peerId;
    this.roster = roster;
    this.sendTransport = transports.send.parameters;
    this.recvTransport = transports.recv.parameters;
    this.#options = options;
    this.#host = host;
    this.#publication = new Publication(peerId, transports.send, options.scope);
    const tell = (fact: PeerFact) => this.tell(fact);
    const context = { peerId, transport: transports.recv, rtpCapabilities, tell, log };
    this.#reception = new Reception(context, host);
  }

  /** @throws CallError `out-of-order` when done before, `invalid` when mediasoup refuses. */
  connectTransport(direction: Direction, dtlsParameters: types.DtlsParameters): Promise<void> {
    return this.#attempt(() => this.#options.transports[direction].connect(dtlsParameters));
  }

  restartIce(direction: Direction): Promise<types.IceParameters> {
    return this.#attempt(() => this.#options.transports[direction].restartIce());
  }

  /**
   * @throws CallError `forbidden` when the source is published already or the codecs are not of its kind, `invalid` when
   * mediasoup refuses.
   */
  produce(source: Source, rtpParameters: RtpParameters, { paused }: Pausing): Promise<ProducerId> {
    return this.#attempt(() =>
      this.#publication.open(source, { rtpParameters, paused }, (producer) => {
        this.#rosterEntry = undefined;
        this.#host.producerOpened(producer);
      }),
    );
  }

  /** @throws CallError `not-found` unless it is one's own. */
  setProducerPaused(id: ProducerId, pausing: Pausing): Promise<void> {
    return this.#attempt(async () => {
      const producer = this.#publication.byId(id);
      await producer.setPaused(pausing, () => {
        this.#rosterEntry = undefined;
        this.#host.producerPaused(producer, pausing);
      });
    });
  }

  /** @throws CallError `not-found` unless it is one's own. */
  closeProducer(id: ProducerId): void {
    this.#mustBeJoined();
    const producer = this.#publication.close(id);
    this.#rosterEntry = undefined;
    this.#host.producerClosed(producer);
  }

  /** Replaces the view before. Consumers follow as facts. @throws CallError `forbidden` for a tile of oneself. */
  setView(view: View): void {
    this.#mustBeJoined();
    if (view.tiles.some(({ peerId }) => peerId === this.id)) throw new CallError('forbidden', 'a tile of oneself');
    this.#reception.setView(view);
  }

  /** Says so itself, before it was measured. */
  beginsToSpeak(): void {
    this.#mustBeJoined();
    this.#host.beganToSpeak(this.id);
  }

  /** @throws CallError `not-found` unless it is one's own. */
  consumerReady(id: ConsumerId): void {
    this.#mustBeJoined();
    this.#reception.ready(id);
  }

  /** Closes everything of the peer; the others are told. Twice is once. */
  leave(): void {
    this.close('left');
  }

  /** For the room: closes the peer without a word to the others, unless it left. */
  close(reason: CloseReason): void {
    if (this.#state.kind === 'closed') return;
    if (reason === 'lost') this.tell({ case: 'mediaLost', value: {} });
    this.#state = { kind: 'closed', reason };
    this.#options.log.info('peer closed', { reason });
    if (reason === 'left') this.#host.left(this);
    // The transports first: a worker closes all that is in one at one request.
    this.#options.scope.close();
    this.#reception.close();
  }

  /** For the room: how the others see this peer. The same object until something changes. */
  get rosterEntry(): RosterEntry {
    this.#rosterEntry ??= { ...this.#options.identity, producers: this.#publication.roster };
    return this.#rosterEntry;
  }

  /** For the room: what this peer publishes. */
  get publication(): Publication {
    return this.#publication;
  }

  /** For the room: what this peer receives. */
  get reception(): Reception {
    return this.#reception;
  }

  tell(fact: PeerFact): void {
    if (this.#state.kind === 'joined') this.#options.tell(fact);
  }

  async #attempt<T>(request: () => Promise<T>): Promise<T> {
    this.#mustBeJoined();
    const answer = await request().catch((error) => {
      const refusal = refusalOf(error, this.#closeReason);
      this.#options.log.debug('request refused', { code: refusal.code, error });
      throw refusal;
    });
    this.#mustBeJoined();
    return answer;
  }

  #mustBeJoined(): void {
    if (this.#closeReason) throw closedError(this.#closeReason);
  }

  get #closeReason(): CloseReason | undefined {
    return this.#state.kind === 'closed' ? this.#state.reason : undefined;
  }
}
