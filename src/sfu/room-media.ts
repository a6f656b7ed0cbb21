import { type Clock, Scope } from '../base/index.ts';
import { SpeakerWatch } from './speaker-watch.ts';
import { Transport } from './transport.ts';
import type { PlacedRouter } from './worker-pool.ts';

/** The two paths of one peer. */
export interface PeerTransports {
  readonly send: Transport;
  readonly recv: Transport;
}

export interface RoomMediaOptions {
  readonly clock: Clock;
  /** Told when the worker died. */
  readonly lost: () => void;
}

/** What a room has of mediasoup: one router on one worker, and the ear for its speakers. */
export class RoomMedia {
  readonly speakers: SpeakerWatch;
  readonly #placed: PlacedRouter;
  readonly #scope: Scope;

  private constructor(placed: PlacedRouter, speakers: SpeakerWatch, scope: Scope) {
    this.#placed = placed;
    this.speakers = speakers;
    this.#scope = scope;
  }

  static async open(placed: PlacedRouter, options: RoomMediaOptions): Promise<RoomMedia> {
    const scope = new Scope();
    scope.own(placed.router);
    placed.router.once('workerclose', options.lost);
    try {
      return new RoomMedia(placed, await SpeakerWatch.open(placed.router, scope, options.clock), scope);
    } catch (error) {
      scope.close();
      throw error;
    }
  }

  /** Both at once, owned by `scope`. */
  async openTransports(scope: Scope): Promise<PeerTransports> {
    const [send, recv] = await Promise.all(
      (['send', 'recv'] as const).map(async (direction) => scope.own(await Transport.open(this.#placed, direction))),
    );
    if (!send || !recv) throw new TypeError('two transports are two');
    return { send, recv };
  }

  close(): void {
    this.#scope.close();
  }
}
