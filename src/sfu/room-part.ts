import type { types } from 'mediasoup';
import { CallError, Scope } from '../base/index.ts';
import { AudioMeter } from './audio-meter.ts';
import type { MediaHome } from './media-home.ts';
import type { MediaWorker } from './media-worker.ts';
import type { Role } from './peer-fact.ts';
import { PeerMedia } from './peer-media.ts';
import type { AudioLevel } from './speaker.ts';
import { type Direction, Transport } from './transport.ts';

export interface RoomPartOptions {
  readonly worker: MediaWorker;
  /** Microphones that the room hears. */
  readonly maxHeard: number;
  /** Told the levels of those that are not silent, a few times a second. */
  readonly measured: (levels: readonly AudioLevel[]) => void;
  /** Told once: its last peer has gone, or it did not open, or it was lost. */
  readonly closed: () => void;
  /** Told, after that, when its worker died under its peers. */
  readonly lost: () => void;
}

/**
 *   opening --> open --last peer gone, worker died--> closed
 *      `--failed, or as from open--> closed
 */
type PartState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly router: types.Router; readonly meter: AudioMeter }
  | { readonly kind: 'closed' };

/** The room's part on one worker: a router for its peers there, and a meter of their microphones. Opens at once. */
export class RoomPart implements MediaHome {
  readonly worker: MediaWorker;
  readonly #options: RoomPartOptions;
  readonly #scope = new Scope();
  readonly #opening: Promise<void>;
  #state: PartState = { kind: 'opening' };
  #peers = 0;

  constructor(options: RoomPartOptions) {
    this.worker = options.worker;
    this.#options = options;
    this.#opening = this.#open();
    this.#opening.catch(() => this.#close()); // who waits for it has the error
  }

  /** @throws CallError `unavailable` unless open. */
  get router(): types.Router {
    return this.#mustBeOpen().router;
  }

  /** @throws CallError `unavailable` unless open. */
  get meter(): AudioMeter {
    return this.#mustBeOpen().meter;
  }

  /** Counts the peer in at once, until what it was given closes. @throws mediasoup's error, CallError `unavailable` */
  async openMedia(role: Role): Promise<PeerMedia> {
    const scope = new Scope();
    this.#peers += 1;
    scope.add(() => this.#peerGone());
    const arrived = this.worker.expectPeer();
    try {
      await this.#opening;
      const open = async (direction: Direction) => scope.own(await Transport.open(this, direction));
      const [recv, send] = await Promise.all([open('recv'), role === 'listener' ? undefined : open('send')]);
      return new PeerMedia(this, recv, send, scope);
    } catch (error) {
      scope.close();
      throw error;
    } finally {
      arrived();
    }
  }

  async #open(): Promise<void> {
    const router = this.#scope.own(await this.worker.openRouter());
    router.once('workerclose', () => {
      this.#close();
      this.#options.lost();
    });
    const meter = await AudioMeter.open(router, this.#scope, this.#options.maxHeard);
    meter.facts.on('measured', this.#options.measured);
    if (this.#state.kind === 'opening') this.#state = { kind: 'open', router, meter };
  }

  #mustBeOpen(): PartState & { readonly kind: 'open' } {
    if (this.#state.kind !== 'open') throw new CallError('unavailable', 'the room has closed on this worker');
    return this.#state;
  }

  #peerGone(): void {
    this.#peers -= 1;
    if (this.#peers === 0) this.#close();
  }

  #close(): void {
    if (this.#state.kind === 'closed') return;
    this.#state = { kind: 'closed' };
    this.#options.closed();
    this.#scope.close();
  }
}
