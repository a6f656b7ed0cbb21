import { type MemberId, type PeerId, Scope, systemClock } from '../../src/base/index.ts';
import type { E2eeEngine } from '../../src/client/e2ee/engine.ts';
import { FrameKeys } from '../../src/client/e2ee/frame-keys.ts';
import { isMlsFact } from '../../src/client/e2ee/mls-fact.ts';
import type { EngineNews } from '../../src/client/e2ee/news.ts';
import { isRosterFact, rosterAfter, rosterJoined, type ServerRoster } from '../../src/client/server-roster.ts';
import type { Direction, Role, ServerMessage, Source, Tile } from '../../src/wire/index.ts';
import { openNodeEngine } from '../support/node-engine.ts';
import type { ValueOf } from '../support/node-session.ts';
import { inviteOf, type NodeSession, openNodeSession } from '../support/node-session.ts';
import { until } from '../support/until.ts';
import { type Views, viewOf } from './bot-view.ts';
import type { Camera } from './camera.ts';
import { Downlink } from './downlink.ts';
import { certificate } from './dtls.ts';
import type { PathOptions } from './dtls-path.ts';
import type { StreamCounts } from './incoming-stream.ts';
import type { MediaSource } from './media-source.ts';
import type { Microphone } from './microphone.ts';
import { NOTHING_SENT, Publication, type SentCounts } from './publication.ts';
import { Reception } from './reception.ts';
import { Uplink } from './uplink.ts';

export interface BotOptions {
  readonly name: string;
  /** A listener only receives; `speaker` when absent. */
  readonly role?: Role;
  /** What it sends from the start; nothing when absent. */
  readonly microphone?: Microphone;
  readonly camera?: Camera;
  /** Nobody when absent. */
  readonly views?: Views;
  /** True when absent. */
  readonly hears?: boolean;
  /** Where to send media that is meant for that port of the server: a relay may stand between. */
  readonly portFor?: PathOptions['portFor'];
}

type Paths = Pick<ValueOf<'joined'>, 'sendTransport' | 'recvTransport'>;

/** Dozens join at once on two busy cores, and a group takes them in one after another. */
const GROUP_LIMIT_MS = 60_000;

/**
 * Somebody in a call without a browser, who speaks the real protocol to the real server: signaling and keys are the SDK's own; ICE,
 * DTLS, SRTP and RTCP are what browsers do. Every frame is sealed before it leaves and opened when it came; none is decoded.
 */
export class Bot {
  readonly name: string;
  /** From asking for a token until it was in the group and its paths stood, in milliseconds. */
  joinMs = Number.NaN;
  /** Times that the server gave it other paths. */
  moves = 0;
  readonly #options: BotOptions;
  readonly #session: NodeSession;
  readonly #scope = new Scope();
  readonly #keys = new FrameKeys(systemClock);
  readonly #publications = new Map<Source, Publication>();
  readonly #reception: Reception;
  #members: Extract<EngineNews, { readonly kind: 'members' }>['members'] = [];
  #roster: ServerRoster;
  #views: Views;
  #hears: boolean;
  #shown = '';
  #engine: E2eeEngine | undefined;
  #paths = new Scope();
  #uplink: Uplink | undefined;

  private constructor(session: NodeSession, options: BotOptions) {
    this.name = options.name;
    this.#options = options;
    this.#session = session;
    this.#roster = rosterJoined(session.joined.peers);
    this.#views = options.views ?? { kind: 'nothing' };
    this.#hears = options.hears ?? true;
    this.#reception = new Reception({
      keys: this.#keys,
      memberOf: (peerId) => this.#memberOf(peerId),
      ready: (consumerId) => session.link.intend({ case: 'consumerReady', value: { consumerId } }),
    });
    this.#scope.own(session.link);
    this.#scope.add(() => this.#paths.close());
  }

  /** Joins the call of that invite link. When this resolves it is in the group, its paths stand, and what it sends is published. */
  static async join(link: string, options: BotOptions): Promise<Bot> {
    const startMs = performance.now();
    const invite = inviteOf(link);
    let told: (fact: ServerMessage) => void = () => undefined;
    const session = await openNodeSession(invite, (fact) => told(fact), {
      role: options.role ?? 'speaker',
      receives: 'everything',
    });
    const bot = new Bot(session, options); // each fact is a task of its own, so none has come yet
    told = (fact) => bot.#told(fact);
    try {
      await Promise.all([bot.#enterGroup(invite.secret), bot.#carry(session.joined)]);
      bot.joinMs = performance.now() - startMs;
      bot.#tellView();
      await bot.#publish();
      await bot.#show();
      return bot;
    } catch (error) {
      bot.close();
      throw error;
    }
  }

  get peerId(): PeerId {
    return this.#session.joined.peerId;
  }

  /** Everybody else, as the server says. */
  get roster(): ServerRoster {
    return this.#roster;
  }

  /** Whose name is in their leaf. */
  peerOf(name: string): PeerId | undefined {
    const memberId = this.#memberNamed(name);
    return this.#roster.peers.find((peer) => peer.memberId === memberId)?.id;
  }

  /** What came of somebody's source since the join, whichever consumers carried it. */
  receivedFrom(name: string, source: Source): StreamCounts {
    return this.#reception.of(this.#memberNamed(name), source);
  }

  /** The same of everybody and every source. */
  get received(): readonly StreamCounts[] {
    return this.#reception.all;
  }

  /** The same of everybody's such source. */
  receivedOf(source: Source): readonly StreamCounts[] {
    return this.#reception.from(source);
  }

  /** Whether the call is over for it, whoever ended it. */
  get isGone(): boolean {
    return this.#session.link.closed;
  }

  /** Streams that the server sends or is ready to send. */
  get consumers(): number {
    return this.#reception.consumers;
  }

  sent(source: Source): SentCounts {
    return this.#publications.get(source)?.counts ?? NOTHING_SENT;
  }

  /** From now on shows exactly these. */
  see(...tiles: readonly Tile[]): void {
    this.look({ kind: 'tiles', tiles });
  }

  look(views: Views): void {
    this.#views = views;
    this.#tellView();
  }

  setHears(hears: boolean): void {
    this.#hears = hears;
    this.#tellView();
  }

  /** Before the server has measured it. */
  beginToSpeak(): void {
    this.#session.link.intend({ case: 'speaking', value: {} });
  }

  async setMuted(source: Source, muting: { readonly muted: boolean }): Promise<void> {
    await this.#publications.get(source)?.setMuted(muting);
    await this.#show();
  }

  /** Leaves as people do; the server has let everything go when this resolves. */
  async leave(): Promise<void> {
    await this.#session.link.request({ case: 'leave', value: {} }, 'done');
    this.close();
  }

  /** Gone without a word. */
  close(): void {
    for (const publication of this.#publications.values()) publication.close();
    this.#scope.close();
  }

  #told(fact: ServerMessage): void {
    if (isMlsFact(fact)) this.#engine?.told(fact).catch(() => undefined); // we have left
    if (isRosterFact(fact)) this.#rosterChanged(rosterAfter(this.#roster, fact));
    if (fact.case === 'consumerOpened') this.#reception.consumerOpened(fact.value);
    if (fact.case === 'consumerClosed') this.#reception.consumerClosed(fact.value.consumerId);
    if (fact.case === 'peerLeft') this.#reception.peerLeft(fact.value.peerId);
    if (fact.case === 'mediaMoved') this.#move(fact.value).catch(() => this.close());
    if (fact.case === 'layersWanted')
      for (const publication of this.#publications.values()) publication.layersWanted(fact.value);
  }

  async #enterGroup(secret: string): Promise<void> {
    const { name } = this;
    const options = { name, secret, keys: this.#keys, tell: (news: EngineNews) => this.#learn(news) };
    this.#engine = this.#scope.own(await openNodeEngine(this.#session, options));
    await this.#engine.begin();
    await until(`${name} is in the group`, () => this.#members.length > 0, GROUP_LIMIT_MS);
  }

  /** Sets up the paths that the server gave, in place of those before. */
  async #carry({ sendTransport, recvTransport }: Paths): Promise<void> {
    this.#paths.close();
    const paths = new Scope();
    this.#paths = paths;
    const options = { certificate: await certificate(), portFor: this.#options.portFor ?? ((port: number) => port) };
    const downlink = paths.own(new Downlink(recvTransport, this.#session.transportSequenceId, options));
    this.#reception.bind(downlink);
    const sends = this.#options.microphone ?? this.#options.camera;
    this.#uplink = sends && sendTransport && paths.own(new Uplink(sendTransport, options));
    await Promise.all([
      this.#connect('recv', downlink, options),
      this.#uplink && this.#connect('send', this.#uplink, options),
    ]);
  }

  async #move(paths: Paths): Promise<void> {
    this.moves += 1;
    await this.#carry(paths);
    await this.#publish();
  }

  /** Not before this bot is in the group: there would be no key to seal with. */
  async #publish(): Promise<void> {
    const { microphone, camera } = this.#options;
    const uplink = this.#uplink;
    if (!uplink) return;
    if (microphone) await this.#publication('microphone', microphone).open(uplink);
    if (camera) await this.#publication('camera', camera).open(uplink);
  }

  /** Tells the members what they are to believe of it, whatever the server says. Who sends nothing has nothing to say. */
  async #show(): Promise<void> {
    const isOn = (source: Source) => this.#publications.get(source)?.isMuted === false;
    if (this.#publications.size === 0) return;
    await this.#engine?.show({
      microphoneOn: isOn('microphone'),
      cameraOn: isOn('camera'),
      handRaised: false,
      recording: false,
    });
  }

  async #connect(direction: Direction, link: Uplink | Downlink, { certificate }: PathOptions): Promise<void> {
    const fingerprints = [{ algorithm: 'sha-256', value: certificate.fingerprint }];
    const value = { direction, dtlsParameters: { role: 'client', fingerprints } } as const;
    await Promise.all([this.#session.link.request({ case: 'connectTransport', value }, 'done'), link.open()]);
  }

  #publication(source: Source, media: MediaSource): Publication {
    const known = this.#publications.get(source);
    if (known) return known;
    const sealer = this.#keys.sealer(source, media.codec);
    const { link, joined } = this.#session;
    const publication = new Publication({ source, media, sealer, link, cname: joined.peerId });
    this.#publications.set(source, publication);
    return publication;
  }

  #learn(news: EngineNews): void {
    if (news.kind !== 'members') return;
    this.#members = news.members;
    this.#reception.membersChanged();
  }

  #memberNamed(name: string): MemberId | undefined {
    return this.#members.find((member) => member.name === name)?.memberId;
  }

  #memberOf(peerId: PeerId): MemberId | undefined {
    const peer = this.#roster.peers.find(({ id }) => id === peerId);
    return this.#members.find(({ memberId }) => memberId === peer?.memberId)?.memberId;
  }

  #rosterChanged(roster: ServerRoster): void {
    this.#roster = roster;
    if (this.#views.kind === 'everybody') this.#tellView();
  }

  /** Only what is new: as the page, which compares too. */
  #tellView(): void {
    if (Number.isNaN(this.joinMs)) return;
    const view = viewOf(this.#views, this.#roster, { hears: this.#hears });
    const shown = JSON.stringify(view);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#session.link.intend({ case: 'view', value: view });
  }
}
