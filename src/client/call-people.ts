import type { MemberId, PeerId, UserId } from '../base/index.ts';
import type { ServerMessage, Source, WirePeer } from '../wire/index.ts';
import type { TellCall } from './call-events.ts';
import type { Downlink } from './downlink.ts';
import { KnownPeers } from './known-peers.ts';
import type { RemoteTrack } from './remote-track.ts';
import { EMPTY_ROSTER, type Members, newsBetween, type Roster, type RosterNews, rosterOf } from './roster.ts';
import { EMPTY_SERVER_ROSTER, isRosterFact, rosterAfter, rosterJoined, type ServerRoster } from './server-roster.ts';
import { Subscriber, type SubscriberOptions } from './subscriber.ts';

const TRACK_EVENTS = {
  published: 'trackPublished',
  unpublished: 'trackUnpublished',
  muted: 'trackMuted',
  unmuted: 'trackUnmuted',
} as const;

/** Everybody else in the call: who they are, as server and group say it together, and what is received from them. */
export class CallPeople {
  readonly #known = new KnownPeers();
  readonly #subscriber: Subscriber;
  readonly #tell: TellCall;
  #server: ServerRoster = EMPTY_SERVER_ROSTER;
  #members: Members = { members: new Map(), presence: new Map() };
  #roster: Roster = EMPTY_ROSTER;

  constructor({ tell, ...options }: Omit<SubscriberOptions, 'memberOf'> & { readonly tell: TellCall }) {
    this.#subscriber = new Subscriber({ ...options, memberOf: (peerId) => this.#known.memberOf(peerId) });
    this.#tell = tell;
  }

  get roster(): Roster {
    return this.#roster;
  }

  /** Who the server says is here, members or not. */
  get present(): ReadonlySet<MemberId> {
    return new Set(this.#server.peers.map(({ memberId }) => memberId));
  }

  /** Whose device the peer is, as its leaf says; `undefined` of nobody who is a member. */
  userOf(peerId: PeerId): UserId | undefined {
    return this.#roster.peers.find(({ id }) => id === peerId)?.userId;
  }

  /** What is to come now, from whom. */
  get awaited(): Subscriber['awaited'] {
    return this.#subscriber.awaited;
  }

  /** Who may remove others, by the server's word. */
  get moderators(): ReadonlySet<MemberId> {
    return new Set(this.#server.peers.flatMap(({ memberId, moderator }) => (moderator ? [memberId] : [])));
  }

  track(peerId: PeerId, source: Source): RemoteTrack | undefined {
    return this.#subscriber.track(peerId, source);
  }

  /** The room was joined, once more perhaps: these are in it. */
  joined(peers: readonly WirePeer[], downlink: Downlink): void {
    this.#server = rosterJoined(peers);
    this.#subscriber.bind(downlink);
    this.#changed();
  }

  /** From now on receives over `downlink`. While there is none people stay on the screen, with the last picture of each. */
  bind(downlink: Downlink | undefined): void {
    this.#subscriber.bind(downlink);
  }

  /** What members are, or show of themselves, has changed. */
  membersChanged(members: Members): void {
    this.#members = members;
    this.#changed();
  }

  /** What the server told of others; anything else means nothing here. */
  told(fact: ServerMessage): void {
    if (isRosterFact(fact)) {
      this.#server = rosterAfter(this.#server, fact);
      this.#changed();
    } else if (fact.case === 'consumerOpened') void this.#subscriber.consumerOpened(fact.value);
    else if (fact.case === 'consumerClosed') this.#subscriber.consumerClosed(fact.value.consumerId);
  }

  close(): void {
    this.#subscriber.close();
  }

  /** Everything stands before anybody is told: a listener may ask for any track. */
  #changed(): void {
    const before = this.#roster;
    const roster = rosterOf(this.#server, this.#members);
    this.#roster = roster;
    this.#known.changed(this.#server, roster);
    const tellings = newsBetween(before, roster).map((each) => this.#follow(each));
    this.#tell('rosterChanged', roster);
    for (const tell of tellings) tell();
  }

  #follow(news: RosterNews): () => void {
    if (news.kind === 'speakers') return () => this.#tell('activeSpeakers', news.speakers);
    if ('peer' in news) {
      if (news.kind === 'peer-left') this.#subscriber.peerLeft(news.peer.id);
      return () => this.#tell(news.kind === 'peer-left' ? 'peerLeft' : 'peerJoined', news.peer);
    }
    const track = this.#subscriber.follow(news);
    return () => this.#tell(TRACK_EVENTS[news.kind], track);
  }
}
