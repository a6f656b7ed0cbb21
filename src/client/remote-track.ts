import type { PeerId } from '../base/index.ts';
import type { MediaKind, Source } from '../wire/index.ts';
import type { WatchPlace } from './element-place.ts';
import type { Place, ShownTile } from './view.ts';

/** What a peer publishes from one source, from the moment it is announced until it is withdrawn. */
export interface RemoteTrack {
  readonly peerId: PeerId;
  readonly source: Source;
  readonly kind: MediaKind;
  readonly muted: boolean;
  /**
   * Absent while the server sends none: a video that is nowhere attached or not on the screen, or media that is coming back.
   * Elements keep the last picture until then.
   */
  readonly mediaStreamTrack: MediaStreamTrack | undefined;
  /** Shows the video in `element`. How large it is there, and whether it can be seen, decides what the server sends. */
  attach(element: HTMLVideoElement): void;
  detach(element: HTMLVideoElement): void;
}

export interface TileScreen {
  readonly watchPlace: WatchPlace;
  /** `undefined`: `element` shows nothing any more. */
  show(element: object, tile: ShownTile | undefined): void;
}

/** The subscriber's side of a RemoteTrack. */
export class SubscribedTrack implements RemoteTrack {
  muted = false;
  readonly #screen: TileScreen;
  readonly #elements = new Map<HTMLVideoElement, () => void>();
  readonly #places = new Map<HTMLVideoElement, Place>();
  #mediaStreamTrack: MediaStreamTrack | undefined;

  constructor(
    readonly peerId: PeerId,
    readonly source: Source,
    screen: TileScreen,
  ) {
    this.#screen = screen;
  }

  get kind(): MediaKind {
    return this.source === 'camera' || this.source === 'screen' ? 'video' : 'audio';
  }

  get mediaStreamTrack(): MediaStreamTrack | undefined {
    return this.#mediaStreamTrack;
  }

  /** Whether it is to come without a pause: a video that is on the screen, a sound that is not muted. */
  get isAwaited(): boolean {
    return this.kind === 'audio' ? !this.muted : [...this.#places.values()].some(({ kind }) => kind === 'visible');
  }

  attach(element: HTMLVideoElement): void {
    if (this.kind !== 'video' || this.#elements.has(element)) return;
    element.muted = true; // sound is played apart, so that no element needs a click to start
    element.autoplay = true;
    element.playsInline = true;
    const { peerId, source } = this;
    const stop = this.#screen.watchPlace(element, (place) => {
      this.#places.set(element, place);
      this.#screen.show(element, { peerId, source, place });
    });
    this.#elements.set(element, stop);
    this.#fill(element);
  }

  detach(element: HTMLVideoElement): void {
    this.#elements.get(element)?.();
    if (!this.#elements.delete(element)) return;
    this.#places.delete(element);
    this.#screen.show(element, undefined);
    element.srcObject = null;
  }

  /** The media that flows now; `undefined` when it is about to stop: elements keep its last picture until the next comes. */
  receive(track: MediaStreamTrack | undefined): void {
    this.#mediaStreamTrack = track;
    for (const element of this.#elements.keys()) this.#fill(element);
  }

  /** Withdrawn: leaves every element. */
  close(): void {
    for (const element of [...this.#elements.keys()]) this.detach(element);
    this.#mediaStreamTrack = undefined;
  }

  /**
   * Within one stream, so that the element is never loaded anew: it keeps the last picture of a track that is taken out before
   * it ends (one that ends inside turns black), and goes over to the first picture of the next without showing nothing between.
   */
  #fill(element: HTMLVideoElement): void {
    const track = this.#mediaStreamTrack;
    const stream = element.srcObject as MediaStream | null;
    if (!stream) element.srcObject = track ? new MediaStream([track]) : null;
    else {
      for (const before of stream.getTracks()) if (before !== track) stream.removeTrack(before);
      if (track) stream.addTrack(track);
    }
  }
}
