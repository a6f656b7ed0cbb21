import { CallError, type Clock, type MemberId, type PeerId, TokenBucket } from '../base/index.ts';
import type { ServerMessage } from '../wire/index.ts';
import { AskPace } from './ask-pace.ts';
import type { LockChange, NamedMember, TellCall } from './call-events.ts';
import type { CallPeople } from './call-people.ts';
import type { CallSecurity } from './call-security.ts';
import type { SpokenNews } from './e2ee/news.ts';
import type { Media } from './media.ts';
import type { RosterPeer } from './roster.ts';

/** Asks of all members together: somebody who comes under ever other names is one nuisance, not many. */
const ASKS = { perSecond: 0.2, burst: 5 };

export interface ModerationOptions {
  readonly clock: Clock;
  readonly people: Pick<CallPeople, 'roster'>;
  readonly security: Pick<CallSecurity, 'e2ee' | 'presence' | 'nameOf'>;
  /** Of now; `undefined` outside the room. */
  readonly media: () => Media | undefined;
  readonly tell: TellCall;
}

/** What people in a call may do about each other: remove, lock, ask to mute. */
export class Moderation {
  readonly #options: ModerationOptions;
  readonly #asked = new AskPace();
  readonly #heard = new AskPace();
  readonly #asks: TokenBucket;
  #locked = false;

  constructor(options: ModerationOptions) {
    this.#options = options;
    this.#asks = new TokenBucket(ASKS, options.clock.nowMs());
  }

  get locked(): boolean {
    return this.#locked;
  }

  /** The room was joined, once more perhaps. */
  entered({ joined: { locked } }: Media): void {
    this.#lockIs({ locked, by: undefined });
  }

  told(fact: ServerMessage): void {
    if (fact.case === 'roomLocked') this.#lockIs(fact.value);
  }

  /** What members said to all. */
  said(news: Extract<SpokenNews, { readonly kind: 'removed' | 'mute-asked' }>): void {
    const { security, clock, tell } = this.#options;
    if (news.kind === 'removed')
      tell('memberRemoved', { member: this.#named(news.memberId), by: this.#named(news.by) });
    else if (security.presence.microphoneOn && this.#counts(news.memberId, clock.nowMs()))
      tell('muteAsked', this.#named(news.memberId));
  }

  /** @throws CallError `not-found`; as the server refuses it: `forbidden`, `rate-limited`; `unavailable` outside the room */
  async remove(peerId: PeerId): Promise<void> {
    const { memberId } = this.#peer(peerId);
    const { e2ee } = this.#options.security;
    if (!e2ee) throw outside();
    await e2ee.remove({ memberId, peerId });
  }

  /** @throws CallError as remove */
  async setLocked(locked: boolean): Promise<void> {
    const media = this.#options.media();
    if (!media) throw outside();
    await media.session.link.request({ case: 'setLocked', value: { locked } }, 'done');
  }

  /** @throws CallError `not-found`; `rate-limited` when the same was asked a moment ago */
  askToMute(peerId: PeerId): void {
    const { memberId } = this.#peer(peerId);
    const { security, clock } = this.#options;
    if (!this.#asked.take(memberId, clock.nowMs())) throw new CallError('rate-limited', 'asked a moment ago');
    security.e2ee?.askToMute(memberId);
  }

  #lockIs(change: LockChange): void {
    const isNews = change.locked !== this.#locked;
    this.#locked = change.locked;
    if (isNews) this.#options.tell('lockChanged', change);
  }

  #counts(memberId: MemberId, nowMs: number): boolean {
    return this.#heard.take(memberId, nowMs) && this.#asks.take(1, nowMs);
  }

  #peer(peerId: PeerId): RosterPeer {
    const peer = this.#options.people.roster.peers.find(({ id }) => id === peerId);
    if (!peer) throw new CallError('not-found', 'no such peer');
    return peer;
  }

  #named(memberId: MemberId): NamedMember {
    return { memberId, displayName: this.#options.security.nameOf(memberId) };
  }
}

function outside(): CallError {
  return new CallError('unavailable', 'not in the call');
}
