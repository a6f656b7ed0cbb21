import { CallError, type Clock, type Log, type PeerId, type RoomId, randomId, type Scope } from '../base/index.ts';
import type { CloseReason } from './close-reason.ts';
import { Hearing } from './hearing.ts';
import type { CheckedJoinRequest } from './join-request.ts';
import type { MediaWorker } from './media-worker.ts';
import { Peer } from './peer.ts';
import type { Role } from './peer-fact.ts';
import type { PeerMedia } from './peer-media.ts';
import { RoomPart } from './room-part.ts';
import { Roster } from './roster.ts';
import { Seats } from './seats.ts';
import { SpeakerWatch } from './speaker-watch.ts';
import type { WorkerPool } from './worker-pool.ts';

/** A worker that dies while a peer is placed on it is bad luck; the third in a row is something that another try does not mend. */
const MAX_PLACINGS = 3;

export interface RoomOptions {
  readonly id: RoomId;
  readonly seats: Readonly<Record<Role, number>>;
  /** Microphones that are forwarded at the same time. */
  readonly maxHeard: number;
  readonly workers: Pick<WorkerPool, 'workers' | 'nextStart' | 'place'>;
  /** Told once, before any peer is told: who joins then joins another room. */
  readonly closed: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * One call on this server: open --last seat given up, server ends--> closed. It has a part on every worker that carries some of
 * its peers, and outlives each of them: peers whose worker dies move to another.
 */
export class Room {
  readonly #options: RoomOptions;
  readonly #log: Log;
  readonly #seats: Readonly<Record<Role, Seats>>;
  readonly #speakers: SpeakerWatch;
  readonly #hearing: Hearing;
  readonly #roster: Roster;
  /** Those that are open or opening. */
  readonly #parts = new Map<MediaWorker, RoomPart>();
  #closed = false;

  constructor(options: RoomOptions) {
    const { id, seats, clock, log } = options;
    this.#options = options;
    this.#log = log.child({ room: id });
    this.#seats = {
      speaker: new Seats(seats.speaker, 'room-full'),
      listener: new Seats(seats.listener, 'room-full'),
    };
    this.#speakers = new SpeakerWatch(clock);
    this.#hearing = new Hearing(options);
    this.#roster = new Roster(this.#speakers, this.#hearing);
  }

  /**
   * `scope` becomes the peer's; whoever called closes it when this fails.
   * @throws CallError `room-full`, `unavailable`; mediasoup's error when something closed meanwhile
   */
  async join(request: CheckedJoinRequest, scope: Scope): Promise<Peer> {
    this.#takeSeat(request.role, scope);
    const media = await this.#openMedia(request.role);
    if (!this.#closed) return this.#admit(request, media, scope);
    media.close();
    throw closedWhileJoining();
  }

  close(reason: CloseReason): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.closed();
    this.#log.info('room closed', { reason, peers: this.#roster.size });
    for (const peer of this.#roster.peers) peer.close(reason);
    this.#speakers.close();
  }

  #takeSeat(role: Role, scope: Scope): void {
    const giveBack = this.#seats[role].take();
    scope.add(() => {
      giveBack();
      if (this.#seats.speaker.taken + this.#seats.listener.taken === 0) this.close('left');
    });
  }

  async #openMedia(role: Role): Promise<PeerMedia> {
    const { workers } = this.#options;
    for (let placings = 1; ; placings += 1) {
      if (workers.workers.length === 0) await workers.nextStart();
      if (this.#closed) throw closedWhileJoining();
      // One step from placing a peer to expecting it, so that those who come at the same moment spread.
      const part = this.#partOn(workers.place((worker) => this.#parts.has(worker)));
      try {
        return await part.openMedia(role);
      } catch (error) {
        if (!part.worker.closed || placings === MAX_PLACINGS) throw error;
      }
    }
  }

  #partOn(worker: MediaWorker): RoomPart {
    const present = this.#parts.get(worker);
    if (present) return present;
    const part: RoomPart = new RoomPart({
      worker,
      maxHeard: this.#options.maxHeard,
      measured: (levels) => {
        this.#speakers.measured(levels);
        this.#hearing.measured(levels);
      },
      closed: () => this.#parts.delete(worker),
      lost: () => this.#lost(part),
    });
    this.#parts.set(worker, part);
    this.#log.info('room part opened', { worker: worker.pid, count: this.#parts.size });
    return part;
  }

  /** One step: whoever is told of the peer is in its roster, and the other way round. */
  #admit(request: CheckedJoinRequest, media: PeerMedia, scope: Scope): Peer {
    const { userId, deviceId, memberId, role, moderator, rtpCapabilities, tell } = request;
    const { clock } = this.#options;
    const id = randomId<PeerId>();
    const log = this.#log.child({ peer: id });
    const identity = { id, userId, deviceId, memberId, role, moderator };
    const options = { identity, rtpCapabilities, media, scope, tell, clock, log };
    const peer = new Peer({ ...options, roster: this.#roster.entries }, this.#roster);
    this.#roster.joined(peer);
    log.info('peer joined', { peers: this.#roster.size });
    return peer;
  }

  /** First nobody is served any more from what is gone, and over what is gone; then each finds its own way. */
  #lost(part: RoomPart): void {
    const peers = this.#roster.peers.filter((peer) => peer.isIn(part));
    this.#log.warn('room lost a worker', { worker: part.worker.pid, peers: peers.length });
    for (const peer of peers) peer.interrupt();
    for (const peer of peers) this.#roster.interrupted(peer);
    for (const peer of peers) void this.#move(peer);
  }

  async #move(peer: Peer): Promise<void> {
    try {
      peer.moveTo(await this.#openMedia(peer.role));
    } catch (error) {
      if (!peer.isMoving) return; // it left, or the server ends
      this.#log.warn('peer found no worker', { error });
      peer.close('lost');
    }
  }
}

function closedWhileJoining(): CallError {
  return new CallError('unavailable', 'the room closed while joining');
}
