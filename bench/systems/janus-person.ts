import { randomInt } from 'node:crypto';
import type { TransportParameters } from '../../src/wire/index.ts';
import { certificate } from '../../test/bot/dtls.ts';
import { EXTENSION_IDS } from '../../test/bot/outgoing-stream.ts';
import { OWN_CREDENTIALS } from '../../test/bot/stun.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import type { Endpoints } from '../endpoints/endpoints.ts';
import type { StreamShape } from '../endpoints/stream-plan.ts';
import type { JanusHandle, JanusSession, PluginMessage } from './janus-session.ts';
import { formatSdp, parseSdp, type Sdp, type SdpEnd, type SdpMedia } from './sdp.ts';
import type { Person } from './system.ts';

const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const AUDIO_LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const TRANSPORT_SEQUENCE = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';

/** Codecs as browsers number them, and the extensions that videoroom knows of their kind. */
const OPUS = {
  payloadType: 111,
  codec: 'opus/48000/2',
  extensions: { [MID]: EXTENSION_IDS.mid, [AUDIO_LEVEL]: EXTENSION_IDS.audioLevel },
};
const VP8 = {
  payloadType: 96,
  codec: 'VP8/90000',
  extensions: { [MID]: EXTENSION_IDS.mid, [TRANSPORT_SEQUENCE]: EXTENSION_IDS.transportSequence },
};
const RTX_PAYLOAD_TYPE = 97;

const SSRCS = 2 ** 32;

/** Where a person is. */
export interface JanusRoom {
  readonly room: number;
  readonly session: JanusSession;
  readonly endpoints: Endpoints;
}

interface Subscription {
  readonly handle: JanusHandle;
  readonly endpoint: Endpoint;
}

/** A publisher of the room, and a subscriber: Janus has a path for each. */
export class JanusPerson implements Person {
  readonly id: string;
  readonly #place: JanusRoom;
  #subscription: Subscription | undefined;
  #feeds: ReadonlySet<number> = new Set();
  #expected: readonly number[] = [];

  constructor(feed: number, place: JanusRoom) {
    this.id = `${feed}`;
    this.#place = place;
  }

  async publish(shapes: readonly StreamShape[]): Promise<void> {
    const { session, room, endpoints } = this.#place;
    const media = shapes.map(({ kind }, at) => offered(kind, `${at}`));
    const handle = await session.attach();
    const answer = await handle.ask({
      body: { request: 'joinandconfigure', ptype: 'publisher', room, id: Number(this.id) },
      jsep: { type: 'offer', sdp: formatSdp(media, await ownEnd(), 'sendonly') },
    });
    const { transport } = sdpOf(answer);
    const endpoint = await openEndpoint(endpoints, transport);
    await endpoint.openPath(transport, agreed);
    await handle.up();
    endpoint.answer({ transportSequenceId: undefined });
    for (const [at, { mid, payloadType, ssrc }] of media.entries()) {
      const shape = shapes[at];
      if (!shape) continue;
      const { transportSequence, audioLevel } = EXTENSION_IDS;
      const extensions = {
        mid: EXTENSION_IDS.mid,
        ...(shape.kind === 'video' ? { transportSequence } : { audioLevel }),
      };
      endpoint.stream({ ...shape, mid, payloadType, ssrc, extensions });
    }
  }

  async subscribe(people: readonly Person[]): Promise<void> {
    const feeds = new Set(people.map(({ id }) => Number(id)));
    const missing = [...feeds].filter((feed) => !this.#feeds.has(feed));
    const unwanted = [...this.#feeds].filter((feed) => !feeds.has(feed));
    this.#feeds = feeds;
    if (missing.length + unwanted.length === 0) return;
    if (this.#subscription) await this.#update(this.#subscription, missing, unwanted);
    else this.#subscription = await this.#open(missing);
    await this.#place.endpoints.settled();
  }

  async #open(feeds: readonly number[]): Promise<Subscription> {
    const { session, room, endpoints } = this.#place;
    const handle = await session.attach();
    const body = { request: 'join', ptype: 'subscriber', room, streams: feeds.map((feed) => ({ feed })) };
    const { transport, media } = sdpOf(await handle.ask({ body }));
    const endpoint = await openEndpoint(endpoints, transport);
    this.#expect(endpoint, media);
    await accept(handle, media);
    await endpoint.openPath(transport, agreed);
    await handle.up();
    const [transportSequenceId] = media.flatMap(({ extensions }) => extensions[TRANSPORT_SEQUENCE] ?? []);
    endpoint.answer({ transportSequenceId });
    return { handle, endpoint };
  }

  async #update(
    { handle, endpoint }: Subscription,
    added: readonly number[],
    removed: readonly number[],
  ): Promise<void> {
    const listed = (feeds: readonly number[]) => (feeds.length > 0 ? feeds.map((feed) => ({ feed })) : undefined);
    const body = { request: 'update', subscribe: listed(added), unsubscribe: listed(removed) };
    const { media } = sdpOf(await handle.ask({ body }));
    this.#expect(endpoint, media);
    await accept(handle, media);
  }

  #expect(endpoint: Endpoint, media: readonly SdpMedia[]): void {
    const expected = media.flatMap(({ active, kind, ssrc, rtx }) =>
      active && ssrc !== undefined ? [{ kind, ssrc, rtxSsrc: rtx?.ssrc }] : [],
    );
    const ssrcs = expected.map(({ ssrc }) => ssrc);
    for (const ssrc of this.#expected) if (!ssrcs.includes(ssrc)) endpoint.forget(ssrc);
    for (const stream of expected) if (!this.#expected.includes(stream.ssrc)) endpoint.expect(stream);
    this.#expected = ssrcs;
  }
}

/** A stream of an offer, under identifiers of its own. */
function offered(kind: StreamShape['kind'], mid: string) {
  const ssrc = randomInt(1, SSRCS);
  if (kind === 'audio') return { kind, mid, ssrc, active: true, ...OPUS };
  return { kind, mid, ssrc, active: true, ...VP8, rtx: { payloadType: RTX_PAYLOAD_TYPE, ssrc: randomInt(1, SSRCS) } };
}

async function accept(handle: JanusHandle, media: readonly SdpMedia[]): Promise<void> {
  const sdp = formatSdp(media, await ownEnd(), 'recvonly');
  await handle.ask({ body: { request: 'start' }, jsep: { type: 'answer', sdp } });
}

async function ownEnd(): Promise<SdpEnd> {
  const { fingerprint } = await certificate();
  return { ...OWN_CREDENTIALS, fingerprint };
}

/** At Janus' own address: it sends only through the interface that has it, and so not to 127.0.0.1. */
function openEndpoint(endpoints: Endpoints, { iceCandidates: [candidate] }: TransportParameters): Promise<Endpoint> {
  if (!candidate) throw new Error('Janus offers no address');
  return endpoints.openEndpoint({ secured: true, address: candidate.address });
}

/** Janus knows the certificate already, from the SDP. */
async function agreed(): Promise<void> {}

function sdpOf({ body, jsep }: PluginMessage): Sdp {
  if (!jsep) throw new Error(`Janus says nothing of its path: ${JSON.stringify(body)}`);
  return parseSdp(jsep.sdp);
}
