import { CallError, type Clock, type Log, type PeerId, type RoomId, randomId, type Scope } from '../base/index.ts';
import type { CloseReason } from './close-reason.ts';
import type { CheckedJoinRequest } from './join-request.ts';
import { Peer } from './peer.ts';
import { type PeerTransports, RoomMedia } from './room-media.ts';
import { Roster } from './roster.ts';
import { Seats } from './seats.ts';
import type { PlacedRouter } from './worker-pool.ts';

export interface RoomOptions {
  readonly id: RoomId;
  readonly maxPeers: number;
  readonly openRouter: () => Promise<PlacedRouter>;
  /** Told once, before any peer is told: who joins then joins another room. */
  readonly closed: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 *   opening --> open --last seat given up, worker died, server ends--> closed
 *      `--failed, or as from open--> closed
 */
type RoomState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly media: RoomMedia; readonly roster: Roster }
  | { readonly kind: 'closed' };

/** One call on this server. It opens its router at once and lives as long as somebody is in it or on the way in. */
export class Room {
  readonly #options: RoomOptions;
  readonly #log: Log;
  readonly #seats: Seats;
  /** Shared by all who join meanwhile. */
  readonly #opening: Promise<void>;
  #state: RoomState = { kind: 'opening' };

  constructor(options: RoomOptions) {
    this.#options = options;
    this.#log = options.log.child({ room: options.id });
    this.#seats = new Seats(options.maxPeers, 'room-full');
    this.#opening = this.#open();
    this.#opening.catch((error) => {
      this.#log.warn('room did not open', { error });
      this.close('lost');
    });
  }

  /**
   * `scope` becomes the peer's; whoever called closes it when this fails.
   * @throws CallError `room-full`, `unavailable`; mediasoup's error when something closed meanwhile
   */
  async join(request: CheckedJoinRequest, scope: Scope): Promise<Peer> {
    this.#takeSeat(scope);
    await this.#opening;
    const transports = await this.#openTransports(scope);
    return this.#admit(request, transports, scope);
  }

  close(reason: CloseReason): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    this.#state = { kind: 'closed' };
    this.#options.closed();
    if (state.kind === 'opening') return;
    this.#log.info('room closed', { reason, peers: state.roster.size });
    for (const peer of state.roster.peers) peer.close(reason);
    state.media.close();
  }

  async #open(): Promise<void> {
    const placed = await this.#options.openRouter();
    const media = await RoomMedia.open(placed, { clock: this.#options.clock, lost: () => this.close('lost') });
    if (this.#state.kind === 'closed') return media.close();
    this.#state = { kind: 'open', media, roster: new Roster(media.speakers) };
    this.#log.info('room opened', { worker: placed.worker.pid });
  }

  #takeSeat(scope: Scope): void {
    const giveBack = this.#seats.take();
    scope.add(() => {
      giveBack();
      if (this.#seats.taken === 0) this.close('left');
    });
  }

  async #openTransports(scope: Scope): Promise<PeerTransports> {
    return this.#mustBeOpen().media.openTransports(scope);
  }

  /** One step: whoever is told of the peer is in its roster, and the other way round. */
  #admit(request: CheckedJoinRequest, transports: PeerTransports, scope: Scope): Peer {
    const { roster } = this.#mustBeOpen();
    const { userId, deviceId, memberId, role, rtpCapabilities, tell } = request;
    const id = randomId<PeerId>();
    const log = this.#log.child({ peer: id });
    const identity = { id, userId, deviceId, memberId, role };
    const options = { identity, rtpCapabilities, transports, scope, tell, log };
    const peer = new Peer({ ...options, roster: roster.entries }, roster);
    roster.joined(peer);
    log.info('peer joined', { peers: roster.size });
    return peer;
  }

  #mustBeOpen(): RoomState & { readonly kind: 'open' } {
    if (this.#state.kind !== 'open') throw new CallError('unavailable', 'the room closed while joining');
    return this.#state;
  }
}
