import { type ConsumerId, type Log, type MemberId, type PeerId, Scope, sourceKey } from '../base/index.ts';
import type { Source } from '../wire/index.ts';
import type { Downlink } from './downlink.ts';
import type { AwaitedStream } from './quality-figures.ts';
import { type RemoteTrack, SubscribedTrack, type TileScreen } from './remote-track.ts';
import type { RosterNews } from './roster.ts';
import type { ValueOf } from './signaling-link.ts';

export interface SubscriberOptions {
  readonly screen: TileScreen;
  /** Plays a track of a member; the answer stops it. */
  readonly playAudio: (track: MediaStreamTrack, peerId: PeerId) => () => void;
  /** Resolves when the peer is a member of the group: before, its frames could not be opened. `undefined` when it never was. */
  readonly memberOf: (peerId: PeerId) => Promise<MemberId | undefined>;
  readonly log: Log;
}

interface Subscription {
  readonly peerId: PeerId;
  readonly scope: Scope;
}

/** Receives what others publish. Tracks outlive a reconnect; the consumers that feed them do not. */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #tracks = new Map<string, SubscribedTrack>();
  readonly #subscriptions = new Map<ConsumerId, Subscription>();
  #downlink: Downlink | undefined;

  constructor(options: SubscriberOptions) {
    this.#options = options;
  }

  track(peerId: PeerId, source: Source): RemoteTrack | undefined {
    return this.#tracks.get(sourceKey({ peerId, source }));
  }

  /** What is to come now, from whom. */
  get awaited(): ReadonlyMap<PeerId, readonly AwaitedStream[]> {
    const awaited = new Map<PeerId, AwaitedStream[]>();
    for (const { peerId, source, mediaStreamTrack, isAwaited } of this.#tracks.values()) {
      if (!mediaStreamTrack || !isAwaited) continue;
      awaited.set(peerId, [...(awaited.get(peerId) ?? []), { source, trackId: mediaStreamTrack.id }]);
    }
    return awaited;
  }

  /** From now on consumes over `downlink`; what came over the last one is gone. */
  bind(downlink: Downlink | undefined): void {
    this.#downlink = downlink;
    for (const consumerId of [...this.#subscriptions.keys()]) this.consumerClosed(consumerId);
  }

  /** Keeps the tracks what the roster says. The answer is the track that the news is about. */
  follow(news: Extract<RosterNews, { readonly publication: unknown }>): RemoteTrack {
    const { peerId, publication } = news;
    const track = this.#trackOf(peerId, publication.source);
    track.muted = publication.muted;
    if (news.kind === 'unpublished') {
      this.#tracks.delete(sourceKey({ peerId, source: publication.source }));
      track.close();
    }
    return track;
  }

  async consumerOpened(opened: ValueOf<'consumerOpened'>): Promise<void> {
    const { consumerId, peerId, source } = opened;
    const downlink = this.#downlink;
    if (!downlink) return;
    const scope = new Scope();
    this.#subscriptions.set(consumerId, { peerId, scope });
    try {
      const memberId = await this.#options.memberOf(peerId);
      if (scope.closed || memberId === undefined) return;
      const consumer = await downlink.consume(opened, memberId);
      scope.add(() => consumer.close());
      if (scope.closed) return; // closed while the browser set it up
      const track = this.#trackOf(peerId, source);
      track.receive(consumer.track);
      scope.add(() => track.receive(undefined));
      if (track.kind === 'audio') scope.add(this.#options.playAudio(consumer.track, peerId));
      downlink.ready(consumerId);
    } catch (error) {
      if (!scope.closed) this.#options.log.warn('consumer not set up', { error });
    }
  }

  consumerClosed(consumerId: ConsumerId): void {
    const subscription = this.#subscriptions.get(consumerId);
    this.#subscriptions.delete(consumerId);
    subscription?.scope.close();
  }

  /** A peer that leaves takes its consumers along: they are not announced one by one. */
  peerLeft(peerId: PeerId): void {
    for (const [consumerId, subscription] of this.#subscriptions)
      if (subscription.peerId === peerId) this.consumerClosed(consumerId);
  }

  close(): void {
    this.bind(undefined);
    for (const track of this.#tracks.values()) track.close();
    this.#tracks.clear();
  }

  #trackOf(peerId: PeerId, source: Source): SubscribedTrack {
    const key = sourceKey({ peerId, source });
    const known = this.#tracks.get(key);
    if (known) return known;
    const track = new SubscribedTrack(peerId, source, this.#options.screen);
    this.#tracks.set(key, track);
    return track;
  }
}
