import type { EndpointArrivals } from '../bench/endpoints/arrivals.ts';
import type { Endpoint } from '../bench/endpoints/endpoint.ts';
import type { Endpoints } from '../bench/endpoints/endpoints.ts';
import { SMALL_VIDEO, type StreamShape, VOICE } from '../bench/endpoints/stream-plan.ts';
import { connect, publish, receive, ssrcOf } from '../bench/systems/session-media.ts';
import type { ConsumerId } from '../src/base/index.ts';
import { isRosterFact, rosterAfter, rosterJoined, type ServerRoster } from '../src/client/server-roster.ts';
import type { ServerMessage } from '../src/wire/index.ts';
import { type Views, viewOf } from '../test/bot/bot-view.ts';
import { inviteOf, type NodeSession, openNodeSession, type ValueOf } from '../test/support/node-session.ts';
import { type Counts, NO_COUNTS, wallMs } from './counts.ts';
import { othersShown, tileHeightPx } from './layout.ts';
import type { Participant } from './participant-process.ts';
import type { Invitation } from './pool.ts';

/** The middle layer of the SDK's cameras, 500 kbit/s: what a grid of some tiles asks for. */
const MEDIUM_VIDEO: StreamShape = { kind: 'video', framesPerSecond: 30, packetsPerFrame: 2, payloadBytes: 1_040 };

/** The server may be on another machine: the way to it says from which address. */
const ANYWHERE = { secured: true, address: '0.0.0.0' };

/** Tiles of so many lines and fewer get the lowest layer. */
const SMALL_TILE_PX = 180;

export interface RtpEndOptions {
  readonly endpoints: Endpoints;
  /** What that endpoint has received so far; `undefined` before the first reading. */
  readonly arrivalsOf: (endpointId: number) => EndpointArrivals | undefined;
}

/**
 * Somebody as far as a server can see: a session, paths, and RTP in both directions. No member of the group of keys, it sends nothing that
 * is sealed, and opens nothing. Its camera has one layer.
 */
export class RtpEnd implements Participant {
  joinMs = Number.NaN;
  readonly #options: RtpEndOptions;
  readonly #session: NodeSession;
  readonly #downlink: Endpoint;
  readonly #views: Views;
  readonly #consumers = new Map<ConsumerId, ValueOf<'consumerOpened'>>();
  #roster: ServerRoster;
  #shown = '';
  #packets = 0;
  #isMoved = false;

  private constructor(session: NodeSession, downlink: Endpoint, views: Views, options: RtpEndOptions) {
    this.#session = session;
    this.#downlink = downlink;
    this.#views = views;
    this.#options = options;
    this.#roster = rosterJoined(session.joined.peers);
  }

  static async join({ planned, link, layout }: Invitation, options: RtpEndOptions): Promise<RtpEnd> {
    const askedMs = performance.now();
    const downlink = await options.endpoints.openEndpoint(ANYWHERE);
    let told: (fact: ServerMessage) => void = () => undefined;
    const role = planned.publishes ? 'speaker' : 'listener';
    const session = await openNodeSession(inviteOf(link), (fact) => told(fact), { role, receives: 'everything' });
    const heightPx = tileHeightPx(layout);
    const views = { kind: 'everybody', heightPx, atMost: othersShown(layout) } as const;
    const end = new RtpEnd(session, downlink, views, options); // each fact is a task of its own, so none has come yet
    told = (fact) => end.#told(fact);
    try {
      await connect(session, downlink, 'recv');
      end.joinMs = performance.now() - askedMs;
      if (planned.publishes) await end.#publish([heightPx <= SMALL_TILE_PX ? SMALL_VIDEO : MEDIUM_VIDEO, VOICE]);
      end.#tellView();
      return end;
    } catch (error) {
      session.link.close();
      throw error;
    }
  }

  counts(): Counts {
    const { received: packets = 0, lost = 0 } = this.#options.arrivalsOf(this.#downlink.id) ?? {};
    const isFlowing = packets > this.#packets;
    this.#packets = packets;
    const videos = [...this.#consumers.values()].filter(({ kind }) => kind === 'video').length;
    const gone = this.#isMoved || this.#session.link.closed;
    return { ...NO_COUNTS, atMs: wallMs(), packets, lost, videos: isFlowing ? videos : 0, firstMediaMs: null, gone };
  }

  async leave(): Promise<void> {
    await this.#session.link.request({ case: 'leave', value: {} }, 'done').catch(() => undefined); // gone is gone
    this.#session.link.close();
  }

  #told(fact: ServerMessage): void {
    if (fact.case === 'consumerOpened') this.#opened(fact.value).catch(() => undefined); // the endpoints have ended
    if (fact.case === 'consumerClosed') this.#closed(fact.value.consumerId);
    if (fact.case === 'mediaMoved') this.#isMoved = true; // it has no other paths to go on over
    if (!isRosterFact(fact)) return;
    this.#roster = rosterAfter(this.#roster, fact);
    if (fact.case === 'peerLeft')
      for (const [id, { peerId }] of this.#consumers) if (peerId === fact.value.peerId) this.#closed(id);
    this.#tellView();
  }

  async #opened(opened: ValueOf<'consumerOpened'>): Promise<void> {
    this.#consumers.set(opened.consumerId, opened);
    await receive(this.#session, { endpoint: this.#downlink, endpoints: this.#options.endpoints }, opened);
  }

  #closed(consumerId: ConsumerId): void {
    const opened = this.#consumers.get(consumerId);
    if (!opened) return;
    this.#consumers.delete(consumerId);
    this.#downlink.forget(ssrcOf(opened));
  }

  async #publish(shapes: readonly StreamShape[]): Promise<void> {
    const uplink = await this.#options.endpoints.openEndpoint(ANYWHERE);
    await connect(this.#session, uplink, 'send');
    await publish(this.#session, uplink, shapes);
  }

  #tellView(): void {
    if (Number.isNaN(this.joinMs)) return;
    const view = viewOf(this.#views, this.#roster, { hears: true });
    const shown = JSON.stringify(view);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#session.link.intend({ case: 'view', value: view });
  }
}
