import type { ServerMessage } from '../wire/index.ts';
import type { CallPeople } from './call-people.ts';
import type { Media } from './media.ts';
import type { Publisher } from './publisher.ts';
import type { SpeakingTeller } from './speaking-teller.ts';
import type { ViewTeller } from './view-teller.ts';

export interface TrafficParts {
  readonly publisher: Pick<Publisher, 'bind'>;
  readonly people: Pick<CallPeople, 'bind' | 'joined'>;
  readonly view: Pick<ViewTeller, 'bind'>;
  readonly speaking: Pick<SpeakingTeller, 'bind'>;
}

/** What flows in and out of a call: binds those who send, receive, show and speak to the join that stands, and to its paths. */
export class CallTraffic {
  readonly #parts: TrafficParts;
  #media: Media | undefined;
  #sends = false;

  constructor(parts: TrafficParts) {
    this.#parts = parts;
  }

  /** Absent while there is no join. */
  get media(): Media | undefined {
    return this.#media;
  }

  /** In the room: receives what the server sends, of those who are members. */
  entered(media: Media): void {
    this.#media = media;
    this.#parts.people.joined(media.joined.peers, media.downlink);
  }

  /** In the group of keys too: sends, shows and speaks from now on. */
  begin(): void {
    if (this.#sends) return; // as it was, behind an interruption
    this.#sends = true;
    this.#bind();
  }

  /** While held, no media leaves this device. */
  hold(state: { readonly held: boolean }): void {
    this.#media?.hold(state);
  }

  /** The join is gone. */
  lost(): void {
    const { publisher, people, view, speaking } = this.#parts;
    this.#media = undefined;
    this.#sends = false;
    view.bind(undefined);
    speaking.bind(undefined);
    people.bind(undefined);
    publisher.bind(undefined);
  }

  /** What the server told of the paths; anything else means nothing here. */
  told(fact: ServerMessage): void {
    const media = this.#media;
    if (!media) return;
    if (fact.case === 'mediaLost') media.mediaLost();
    if (fact.case === 'layersWanted') media.uplink?.layersWanted(fact.value.producerId, fact.value.spatialLayer);
    if (fact.case !== 'mediaMoved') return;
    // In one step: the facts behind this one find the new paths in place. Pictures stand still meanwhile, and nothing is told.
    this.#parts.people.bind(undefined);
    media.moved(fact.value);
    this.#parts.people.bind(media.downlink);
    if (this.#sends) this.#bind();
  }

  #bind(): void {
    const media = this.#media;
    if (!media) return;
    const { publisher, view, speaking } = this.#parts;
    publisher.bind(media.uplink ?? 'forbidden');
    view.bind((shown) => media.show(shown));
    speaking.bind(media.uplink && (() => media.speaks()));
  }
}
