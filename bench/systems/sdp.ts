import type { MediaKind } from '../../src/sfu/index.ts';
import type { TransportParameters } from '../../src/wire/index.ts';
import type { IceCredentials } from '../../test/bot/stun.ts';

/*
 * As much of SDP (RFC 8866, RFC 8829) as it takes to talk to Janus: everything in one bundle, one stream of one codec in each
 * section, DTLS with the server passive.
 */

/** One `m=` section, which is one stream. */
export interface SdpMedia {
  readonly kind: MediaKind;
  readonly mid: string;
  /** Whether anything flows: sections stay when their stream is gone, until another takes their place. */
  readonly active: boolean;
  readonly payloadType: number;
  /** As in `rtpmap`: name, clock rate in Hz, channels. */
  readonly codec: string;
  /** Of whoever sends. */
  readonly ssrc?: number;
  /** Retransmissions (RFC 4588). */
  readonly rtx?: { readonly payloadType: number; readonly ssrc?: number };
  /** Ids of header extensions by URI (RFC 8285). */
  readonly extensions: Readonly<Record<string, number>>;
}

/** What the server is told of the other end. Without candidates: it answers to wherever checks come from. */
export interface SdpEnd extends IceCredentials {
  /** SHA-256 of its certificate, as `AB:CD:...`. */
  readonly fingerprint: string;
}

export interface Sdp {
  readonly transport: TransportParameters;
  readonly media: readonly SdpMedia[];
}

const FEEDBACK: Readonly<Record<MediaKind, readonly string[]>> = {
  audio: ['transport-cc'],
  video: ['nack', 'nack pli', 'transport-cc'],
};

/** An offer of streams that the end sends, or its answer to those that it receives. It is the DTLS client. */
export function formatSdp(media: readonly SdpMedia[], end: SdpEnd, direction: 'sendonly' | 'recvonly'): string {
  const session = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'];
  const bundle = `a=group:BUNDLE ${media.map(({ mid }) => mid).join(' ')}`;
  const sections = media.flatMap((each) => formatMedia(each, end, each.active ? direction : 'inactive'));
  return [...session, bundle, ...sections].map((line) => `${line}\r\n`).join('');
}

function formatMedia(media: SdpMedia, end: SdpEnd, direction: string): string[] {
  const { kind, mid, payloadType, codec, ssrc, rtx, extensions } = media;
  const payloadTypes = rtx ? [payloadType, rtx.payloadType] : [payloadType];
  const ssrcs = direction === 'sendonly' ? [ssrc, rtx?.ssrc].filter((each) => each !== undefined) : [];
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payloadTypes.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    `a=${direction}`,
    'a=rtcp-mux',
    `a=ice-ufrag:${end.usernameFragment}`,
    `a=ice-pwd:${end.password}`,
    `a=fingerprint:sha-256 ${end.fingerprint}`,
    'a=setup:active',
    ...Object.entries(extensions).map(([uri, id]) => `a=extmap:${id} ${uri}`),
    `a=rtpmap:${payloadType} ${codec}`,
    ...FEEDBACK[kind].map((feedback) => `a=rtcp-fb:${payloadType} ${feedback}`),
    ...(rtx ? [`a=rtpmap:${rtx.payloadType} rtx/90000`, `a=fmtp:${rtx.payloadType} apt=${payloadType}`] : []),
    ...(ssrcs.length > 1 ? [`a=ssrc-group:FID ${ssrcs.join(' ')}`] : []),
    ...ssrcs.map((each) => `a=ssrc:${each} cname:end`),
  ];
}

/** What Janus offers or answers. @throws when it lacks what Janus always says. */
export function parseSdp(text: string): Sdp {
  const [session = [], ...sections] = text
    .split(/^(?=m=)/m)
    .map((section) => section.split(/\r?\n/).filter((line) => line !== ''));
  const first = sections[0] ?? [];
  const [algorithm, fingerprint = ''] = demand(session, 'fingerprint').split(' ');
  if (algorithm !== 'sha-256') throw new Error(`a fingerprint by ${algorithm}`);
  const usernameFragment = demand(first, 'ice-ufrag');
  const iceLite = session.includes('a=ice-lite');
  return {
    transport: {
      id: usernameFragment,
      iceParameters: { usernameFragment, password: demand(first, 'ice-pwd'), iceLite },
      iceCandidates: valuesOf(first, 'candidate').map(parseCandidate),
      dtlsParameters: { role: 'server', fingerprints: [{ algorithm, value: fingerprint }] },
    },
    media: sections.map(parseMedia),
  };
}

/** RFC 8839, section 5.1. */
function parseCandidate(text: string): TransportParameters['iceCandidates'][number] {
  const [foundation = '', component, protocol, priority, address = '', port, , type] = text.split(' ');
  if (component !== '1' || protocol !== 'udp' || type !== 'host') throw new Error(`another kind of candidate: ${text}`);
  return { foundation, priority: Number(priority), address, protocol, port: Number(port), type };
}

function parseMedia(section: readonly string[]): SdpMedia {
  const [line = ''] = section;
  const [, kind, payloadType = ''] = /^m=(audio|video) \d+ UDP\/TLS\/RTP\/SAVPF (\d+)/.exec(line) ?? [];
  if (kind !== 'audio' && kind !== 'video') throw new Error(`another kind of section: ${line}`);
  const codecs = new Map(valuesOf(section, 'rtpmap').map(parseCodec));
  const rtxPayloadType = [...codecs].find(([, codec]) => codec === 'rtx/90000')?.[0];
  const [ssrc, rtxSsrc] = new Set(valuesOf(section, 'ssrc').map((each) => Number.parseInt(each, 10)));
  return {
    kind,
    mid: demand(section, 'mid'),
    active: !section.includes('a=inactive'),
    payloadType: Number(payloadType),
    codec: codecs.get(Number(payloadType)) ?? missing('rtpmap'),
    ...(ssrc !== undefined && { ssrc }),
    ...(rtxPayloadType !== undefined && {
      rtx: { payloadType: rtxPayloadType, ...(rtxSsrc !== undefined && { ssrc: rtxSsrc }) },
    }),
    extensions: Object.fromEntries(valuesOf(section, 'extmap').map(parseExtension)),
  };
}

function parseCodec(text: string): [payloadType: number, codec: string] {
  const [payloadType, codec = ''] = text.split(' ');
  return [Number(payloadType), codec];
}

/** A direction may follow the id. */
function parseExtension(text: string): [uri: string, id: number] {
  const [id = '', uri = ''] = text.split(' ');
  return [uri, Number.parseInt(id, 10)];
}

function valuesOf(lines: readonly string[], name: string): string[] {
  const start = `a=${name}:`;
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
}

function demand(lines: readonly string[], name: string): string {
  return valuesOf(lines, name)[0] ?? missing(name);
}

function missing(name: string): never {
  throw new Error(`no ${name} in the SDP`);
}
