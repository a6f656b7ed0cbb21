import type { types } from 'mediasoup';
import { CallError, type RoomId, Scope } from '../base/index.ts';
import { ROUTER_RTP_CAPABILITIES } from './codecs.ts';
import type { JoinRequest } from './join-request.ts';
import { LoadWatch } from './load-watch.ts';
import type { Peer } from './peer.ts';
import type { WorkerLoad } from './placement.ts';
import { Room } from './room.ts';
import { checkRtpCapabilities } from './rtp.ts';
import { Seats } from './seats.ts';
import { WorkerPool, type WorkerPoolOptions } from './worker-pool.ts';

export interface SfuOptions extends WorkerPoolOptions {
  readonly limits: SfuLimits;
  /** Where who wants a new room may go when this server is full. */
  readonly nextServer: string | undefined;
  /** Microphones of one room that are forwarded at the same time: of the loudest, or who spoke last. */
  readonly maxHeard: number;
}

export interface SfuLimits {
  readonly maxRooms: number;
  /** In all rooms. */
  readonly maxPeers: number;
  /** Those who may speak. */
  readonly maxPeersPerRoom: number;
  readonly maxListenersPerRoom: number;
  /** The load ratio at which new rooms are refused. */
  readonly maxLoad: number;
}

/** Who is on the way in counts as a peer. */
export interface SfuLoad {
  readonly workers: number;
  readonly rooms: number;
  readonly peers: number;
  readonly transports: number;
  readonly producers: number;
  readonly consumers: number;
  /** Of them, those that are kept ready for a view that may come. */
  readonly resting: number;
  /** Producers that are piped to another worker, once for each such worker. */
  readonly pipes: number;
  /** Workers that died since the start. */
  readonly workerDeaths: number;
}

/** Every call of this server, and the workers that carry them. */
export class Sfu {
  /** The same for every room, whatever worker it is on. */
  readonly routerRtpCapabilities: types.RtpCapabilities = ROUTER_RTP_CAPABILITIES;
  readonly #options: SfuOptions;
  readonly #pool: WorkerPool;
  readonly #seats: Seats;
  readonly #rooms = new Map<RoomId, Room>();
  readonly #watch: LoadWatch;
  #closed = false;

  private constructor(options: SfuOptions, pool: WorkerPool) {
    this.#options = options;
    this.#pool = pool;
    this.#seats = new Seats(options.limits.maxPeers, 'server-full');
    this.#watch = new LoadWatch({
      clock: options.clock,
      limit: options.limits.maxLoad,
      workers: () => pool.workers,
      counted: () => ({
        peers: this.#seats.taken / this.#seats.limit,
        consumers: this.#flowing / (options.workers * options.consumersPerWorker),
      }),
    });
  }

  /** @throws mediasoup's error when a worker does not start, or its port stays taken for some seconds. */
  static async open(options: SfuOptions): Promise<Sfu> {
    return new Sfu(options, await WorkerPool.open(options));
  }

  /**
   * The first to join a room opens it; the last to leave closes it. A full server refuses new rooms, and says where to go; those
   * that run take peers up to their own limits.
   * @throws CallError `invalid` for capabilities that make no sense, `room-full`, `server-full`, `unavailable`
   */
  async join(request: JoinRequest): Promise<Peer> {
    if (this.#closed) throw new CallError('unavailable', 'the server ends');
    const rtpCapabilities = checkRtpCapabilities(request.rtpCapabilities);
    const scope = new Scope();
    try {
      if (!this.#rooms.has(request.roomId)) this.#mustTakeRooms();
      scope.add(this.#seats.take());
      return await this.#roomOf(request.roomId).join({ ...request, rtpCapabilities }, scope);
    } catch (error) {
      scope.close();
      if (error instanceof CallError) throw error;
      throw new CallError('unavailable', 'the room could not be joined', { cause: error });
    }
  }

  /** How full the server is, 0 to 1. */
  get loadRatio(): number {
    return this.#watch.load.ratio;
  }

  /** Consumers that do not rest. */
  get #flowing(): number {
    const { consumers, resting } = this.load;
    return consumers - resting;
  }

  get load(): SfuLoad {
    const workers = this.#pool.workers.map(({ load }) => load);
    const sum = (kind: keyof WorkerLoad) => workers.reduce((total, load) => total + load[kind], 0);
    return {
      workers: workers.length,
      rooms: this.#rooms.size,
      peers: this.#seats.taken,
      transports: sum('transports'),
      producers: sum('producers'),
      consumers: sum('consumers'),
      resting: sum('resting'),
      pipes: sum('pipes'),
      workerDeaths: this.#pool.deaths,
    };
  }

  /** Of UDP and TCP alike. */
  get workerPorts(): readonly number[] {
    return this.#pool.ports;
  }

  /** Workers that send several packets to a receiver in one call. */
  get batchingWorkers(): number {
    return this.#pool.workers.filter(({ sendPath }) => sendPath === 'batched').length;
  }

  /** Closes every peer without a word and ends the workers. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watch.close();
    for (const room of [...this.#rooms.values()]) room.close('shutdown');
    this.#pool.close();
  }

  #mustTakeRooms(): void {
    const { limits, nextServer } = this.#options;
    const hasPlace = this.#rooms.size < limits.maxRooms && this.#seats.taken < this.#seats.limit;
    if (hasPlace && !this.#watch.load.isFull) return;
    throw new CallError('server-full', 'the server takes no new room now', { nextServer });
  }

  #roomOf(id: RoomId): Room {
    const present = this.#rooms.get(id);
    if (present) return present;
    const { limits, maxHeard, clock, log } = this.#options;
    const room = new Room({
      id,
      seats: { speaker: limits.maxPeersPerRoom, listener: limits.maxListenersPerRoom },
      maxHeard,
      workers: this.#pool,
      closed: () => this.#rooms.delete(id),
      clock,
      log,
    });
    this.#rooms.set(id, room);
    return room;
  }
}
