import type { types } from 'mediasoup';
import {
  CallError,
  type Clock,
  type ConsumerId,
  type Log,
  type PeerId,
  type ProducerId,
  type Scope,
} from '../base/index.ts';
import { type CloseReason, closedError } from './close-reason.ts';
import type { PeerFact, Role, RosterEntry, TransportParameters } from './peer-fact.ts';
import type { PeerMedia } from './peer-media.ts';
import type { Producer } from './producer.ts';
import { Publication } from './publication.ts';
import { type Others, Reception } from './reception.ts';
import { refusalOf } from './refusal.ts';
import type { RoomPart } from './room-part.ts';
import type { RtpParameters } from './rtp.ts';
import type { Source } from './source.ts';
import type { Direction } from './transport.ts';
import type { View } from './view/view.ts';

/**
 * What a client did not produce again so long after it was moved is closed for the others. Two ICE and DTLS rounds on a poor
 * line fit in; higher leaves a frozen tile of somebody who has stopped.
 */
const RETURN_WITHIN_MS = 10_000;

export interface Pausing {
  readonly paused: boolean;
}

/** What a peer asks of those around it, and tells them. */
export interface PeerHost extends Others {
  producerOpened(producer: Producer): void;
  /** It had been interrupted. */
  producerReturned(producer: Producer): void;
  producerPaused(producer: Producer, pausing: Pausing): void;
  producerClosed(producer: Producer): void;
  beganToSpeak(peerId: PeerId): void;
  left(peer: Peer): void;
}

export interface PeerOptions {
  /** All that the others see of a peer but its producers. */
  readonly identity: Omit<RosterEntry, 'producers'>;
  readonly rtpCapabilities: types.RtpCapabilities;
  readonly media: PeerMedia;
  /** Holds the seats. */
  readonly scope: Scope;
  readonly tell: (fact: PeerFact) => void;
  readonly roster: readonly RosterEntry[];
  readonly clock: Clock;
  readonly log: Log;
}

/**
 *   joined --worker died--> moving --media on another worker--> joined ...
 *                             `--no worker in time--> closed
 *   any --leave(), server ends--> closed
 */
type PeerState =
  | { readonly kind: 'joined'; readonly media: PeerMedia }
  | { readonly kind: 'moving' }
  | { readonly kind: 'closed'; readonly reason: CloseReason };

/**
 * One joined client. Every request of a closed peer is refused: `out-of-order` when it left, `media-lost` when its worker died
 * and no other came up, `shutting-down` when the server ends. So are requests that were under way then. While it is moving, and
 * when it begins to, requests that need its media are refused `media-lost`; so are, for good, those that name a path from before.
 */
export class Peer {
  readonly id: PeerId;
  /** The others, as they were when this one came in; later changes are told. */
  readonly roster: readonly RosterEntry[];
  /** As it was when this one came in; later ones are told. A listener has none. */
  readonly sendTransport: TransportParameters | undefined;
  /** As it was when this one came in; later ones are told. */
  readonly recvTransport: TransportParameters;
  readonly #options: PeerOptions;
  readonly #host: PeerHost;
  readonly #publication: Publication;
  readonly #reception: Reception;
  #state: PeerState;
  #rosterEntry: RosterEntry | undefined;

  constructor(options: PeerOptions, host: PeerHost) {
    const { identity, roster, media, rtpCapabilities, clock, log } = options;
    const { id: peerId } = identity;
    this.id = peerId;
    this.roster = roster;
    this.sendTransport = media.paths.sendTransport;
    this.recvTransport = media.paths.recvTransport;
    this.#options = options;
    this.#host = host;
    this.#state = { kind: 'joined', media };
    this.#publication = new Publication(peerId, clock, {
      opened: (producer) => {
        this.#rosterEntry = undefined;
        host.producerOpened(producer);
      },
      returned: (producer, before) => {
        if (producer.paused !== before.paused) this.#pausedIs(producer);
        host.producerReturned(producer);
      },
      watched: (value) => this.tell({ case: 'layersWanted', value }),
    });
    const tell = (fact: PeerFact) => this.tell(fact);
    const context = { peerId, transport: media.recv, rtpCapabilities, tell, clock, log };
    this.#reception = new Reception(context, host);
  }

  /** @throws CallError `out-of-order` when done before, `forbidden` for a listener's `send`, `invalid` when mediasoup refuses. */
  connectTransport(direction: Direction, dtlsParameters: types.DtlsParameters, transportId?: string): Promise<void> {
    return this.#attempt((media) => media.path(direction, transportId).connect(dtlsParameters));
  }

  /** @throws CallError `forbidden` for a listener's `send` */
  restartIce(direction: Direction, transportId?: string): Promise<types.IceParameters> {
    return this.#attempt((media) => media.path(direction, transportId).restartIce());
  }

  /**
   * The id is the one before, when the source was interrupted.
   * @throws CallError `forbidden` for a listener, or when the source is published already or the codecs are not of its kind,
   * `invalid` when mediasoup refuses.
   */
  produce(
    source: Source,
    rtpParameters: RtpParameters,
    { paused, transportId }: Pausing & { readonly transportId?: string },
  ): Promise<ProducerId> {
    return this.#attempt((media) =>
      this.#publication.open(source, { rtpParameters, paused }, media.path('send', transportId)),
    );
  }

  /** @throws CallError `not-found` unless it is one's own. */
  setProducerPaused(id: ProducerId, pausing: Pausing): Promise<void> {
    return this.#attempt(async () => {
      const producer = this.#publication.byId(id);
      await producer.setPaused(pausing, () => this.#pausedIs(producer));
    });
  }

  /** @throws CallError `not-found` unless it is one's own. */
  closeProducer(id: ProducerId): void {
    this.#mustBeIn();
    const producer = this.#publication.close(id);
    this.#rosterEntry = undefined;
    this.#host.producerClosed(producer);
  }

  /** Replaces the view before. Consumers follow as facts. @throws CallError `forbidden` for a tile of oneself. */
  setView(view: View): void {
    this.#mustBeIn();
    const pictures = [...view.tiles, ...(view.neighbours ?? [])];
    if (pictures.some(({ peerId }) => peerId === this.id)) throw new CallError('forbidden', 'a tile of oneself');
    this.#reception.setView(view);
  }

  /** Says so itself, before it was measured. @throws CallError `forbidden` for a listener */
  beginsToSpeak(): void {
    this.#mustBeJoined().path('send');
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

  /** For the room: closes the peer; without a word to the others when the server ends. */
  close(reason: CloseReason): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    if (reason === 'lost') this.tell({ case: 'mediaLost', value: {} });
    this.#state = { kind: 'closed', reason };
    this.#options.log.info('peer closed', { reason });
    if (reason !== 'shutdown') this.#host.left(this);
    // The transports first: a worker closes all that is in one at one request.
    if (state.kind === 'joined') state.media.close();
    this.#options.scope.close();
    this.#reception.close();
    this.#publication.interrupt();
  }

  /** For the room: whether the peer has its media in that part. */
  isIn(part: RoomPart): boolean {
    return this.#state.kind === 'joined' && this.#state.media.home === part;
  }

  /** For the room: it waits for paths on another worker. */
  get isMoving(): boolean {
    return this.#state.kind === 'moving';
  }

  /** For the room: what the peer had of media is gone. What it publishes is interrupted, what it looks at is kept. */
  interrupt(): void {
    if (this.#state.kind !== 'joined') return;
    const { media } = this.#state;
    this.#state = { kind: 'moving' };
    media.close();
    this.#reception.suspend();
    this.#publication.interrupt();
  }

  /** For the room: goes on with these, which are closed when it is too late. */
  moveTo(media: PeerMedia): void {
    if (this.#state.kind !== 'moving') {
      media.close();
      return;
    }
    this.#state = { kind: 'joined', media };
    this.tell({ case: 'mediaMoved', value: media.paths });
    media.scope.add(this.#options.clock.after(RETURN_WITHIN_MS, () => this.#closeInterrupted()));
    this.#reception.moveTo(media.recv);
  }

  /** For the room. */
  get role(): Role {
    return this.#options.identity.role;
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
    if (this.#state.kind !== 'closed') this.#options.tell(fact);
  }

  #pausedIs(producer: Producer): void {
    this.#rosterEntry = undefined;
    this.#host.producerPaused(producer, { paused: producer.paused });
  }

  #closeInterrupted(): void {
    for (const { id } of this.#publication.interrupted) this.closeProducer(id);
  }

  /** With the media of now; what they answer when they are no longer the peer's is nothing to give to a client. */
  async #attempt<T>(request: (media: PeerMedia) => Promise<T>): Promise<T> {
    const media = this.#mustBeJoined();
    try {
      const answer = await request(media);
      const gone = this.#goneSince(media);
      if (gone) throw closedError(gone);
      return answer;
    } catch (error) {
      const refusal = refusalOf(error, this.#goneSince(media));
      this.#options.log.debug('request refused', { code: refusal.code, error });
      throw refusal;
    }
  }

  #mustBeIn(): void {
    if (this.#state.kind === 'closed') throw closedError(this.#state.reason);
  }

  #mustBeJoined(): PeerMedia {
    this.#mustBeIn();
    if (this.#state.kind !== 'joined') throw closedError('lost');
    return this.#state.media;
  }

  #goneSince(media: PeerMedia): CloseReason | undefined {
    if (this.#state.kind === 'closed') return this.#state.reason;
    return this.#state.kind === 'joined' && this.#state.media === media ? undefined : 'lost';
  }
}
