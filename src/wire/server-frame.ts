import * as z from 'zod/mini';
import type { PeerId } from '../base/index.ts';
import {
  bytesField,
  consumerIdField,
  deviceIdField,
  memberIdField,
  peerIdField,
  present,
  producerIdField,
  sessionIdField,
  uint8,
  uint32,
  userIdField,
} from './fields.ts';
import { bodyCase, check, decodeBytes, type Received, type Sent, same, turned } from './frame-codec.ts';
import { conclave } from './gen/conclave.js';
import { MAX_SERVER_FRAME_BYTES, MAX_URL_CHARS, RESUME_SECRET_BYTES } from './limits.ts';
import { SERVER_MLS_BODIES } from './mls.ts';
import {
  type AnyRtpCapabilities,
  type AnyRtpParameters,
  rtpCapabilities,
  rtpCapabilitiesToWire,
  rtpParameters,
  rtpParametersToWire,
} from './rtp.ts';
import {
  iceParameters,
  type SentTransportParameters,
  transportParameters,
  transportParametersToWire,
} from './transport-parameters.ts';
import { mediaKind, role, source } from './wire-enum.ts';

const producer = z.object({ id: producerIdField, source: source.schema, paused: z.boolean() });
const peer = z.object({
  id: peerIdField,
  userId: userIdField,
  deviceId: deviceIdField,
  memberId: memberIdField,
  role: role.schema,
  moderator: z.boolean(),
  producers: z.array(producer),
});

export type WireProducer = z.output<typeof producer>;
export type WirePeer = z.output<typeof peer>;

const producerToWire = ({ source: captured, ...rest }: WireProducer) => ({ ...rest, source: source.toWire(captured) });
const peerToWire = (each: WirePeer) => ({
  ...each,
  role: role.toWire(each.role),
  producers: each.producers.map(producerToWire),
});

const code = z.string().check(z.regex(/^[a-z-]{1,32}$/));
const shortText = z.string().check(z.maxLength(255));
const url = z.string().check(z.maxLength(MAX_URL_CHARS));

/** A listener has no way to send. */
const paths = { sendTransport: z.nullish(transportParameters), recvTransport: transportParameters };
interface SentPaths {
  readonly sendTransport?: SentTransportParameters | undefined;
  readonly recvTransport: SentTransportParameters;
}
const pathsToWire = ({ sendTransport, recvTransport }: SentPaths) => ({
  ...(sendTransport && { sendTransport: transportParametersToWire(sendTransport) }),
  recvTransport: transportParametersToWire(recvTransport),
});

const joined = z.pipe(
  z.object({
    peerId: peerIdField,
    memberId: memberIdField,
    moderator: z.boolean(),
    locked: z.boolean(),
    peers: z.array(peer),
    ...paths,
  }),
  z.transform(present),
);
type SentJoined = Omit<z.output<typeof joined>, keyof SentPaths> & SentPaths;
const consumerOpened = z.object({
  consumerId: consumerIdField,
  producerId: producerIdField,
  peerId: peerIdField,
  source: source.schema,
  kind: mediaKind.schema,
  rtpParameters,
});

const helloResponse = z.object({
  routerRtpCapabilities: rtpCapabilities,
  idleTimeoutMs: uint32,
  sessionId: sessionIdField,
  resumeSecret: bytesField(RESUME_SECRET_BYTES, RESUME_SECRET_BYTES),
  resumeWindowMs: uint32,
});

/** One row per message that the server may send; meanings are in proto/conclave/v1. */
const BODIES = {
  refused: same(
    z.pipe(
      z.object({ code, message: shortText, retryable: z.boolean(), nextServer: z.nullish(url) }),
      z.transform(present),
    ),
  ),
  hello: turned(
    helloResponse,
    (
      hello: Omit<z.output<typeof helloResponse>, 'routerRtpCapabilities'> & {
        routerRtpCapabilities: AnyRtpCapabilities;
      },
    ) => ({
      ...hello,
      routerRtpCapabilities: rtpCapabilitiesToWire(hello.routerRtpCapabilities),
    }),
  ),
  joined: turned(joined, (each: SentJoined) => ({
    peerId: each.peerId,
    memberId: each.memberId,
    moderator: each.moderator,
    locked: each.locked,
    peers: each.peers.map(peerToWire),
    ...pathsToWire(each),
  })),
  resumed: same(z.object({ lastId: uint32 })),
  done: same(z.object({})),
  restartIce: turned(z.object({ iceParameters }), (each: Pick<SentTransportParameters, 'iceParameters'>) => each),
  produce: same(z.object({ producerId: producerIdField })),
  peerJoined: turned(z.object({ peer }), (fact: { peer: WirePeer }) => ({ peer: peerToWire(fact.peer) })),
  peerLeft: same(z.object({ peerId: peerIdField })),
  roomLocked: same(z.object({ locked: z.boolean(), by: peerIdField })),
  producerOpened: turned(
    z.object({ peerId: peerIdField, producer }),
    (fact: { peerId: PeerId; producer: WireProducer }) => ({ ...fact, producer: producerToWire(fact.producer) }),
  ),
  producerClosed: same(z.object({ producerId: producerIdField })),
  producerPaused: same(z.object({ producerId: producerIdField })),
  producerResumed: same(z.object({ producerId: producerIdField })),
  consumerOpened: turned(
    consumerOpened,
    (fact: Omit<z.output<typeof consumerOpened>, 'rtpParameters'> & { rtpParameters: AnyRtpParameters }) => ({
      ...fact,
      source: source.toWire(fact.source),
      kind: mediaKind.toWire(fact.kind),
      rtpParameters: rtpParametersToWire(fact.rtpParameters),
    }),
  ),
  consumerClosed: same(z.object({ consumerId: consumerIdField })),
  consumerLayersChanged: same(
    z.pipe(
      z.object({ consumerId: consumerIdField, spatialLayer: z.nullish(uint8), temporalLayer: z.nullish(uint8) }),
      z.transform(present),
    ),
  ),
  speakersChanged: same(z.object({ peerIds: z.array(peerIdField) })),
  mediaLost: same(z.object({})),
  mediaMoved: turned(z.pipe(z.object(paths), z.transform(present)), pathsToWire),
  layersWanted: same(
    z.pipe(z.object({ producerId: producerIdField, spatialLayer: z.nullish(uint8) }), z.transform(present)),
  ),
  ...SERVER_MLS_BODIES,
  sessionClosing: same(z.object({ code, message: shortText, retryable: z.boolean() })),
};

export type ServerMessage = Received<typeof BODIES>;
export type SentServerMessage = Sent<typeof BODIES>;
export type ServerMessageCase = ServerMessage['case'];

/** `id` is 0 for facts; `seq` for what belongs to no session. `body` is `undefined` for kinds newer than this code. */
export interface ServerFrame {
  readonly id: number;
  readonly seq: number;
  readonly body: ServerMessage | undefined;
}

/** @throws WireError; everything in the answer is checked: to a client, the server is a stranger. */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame {
  const decoded = decodeBytes((from) => conclave.v1.ServerFrame.decode(from), bytes, MAX_SERVER_FRAME_BYTES);
  const id = check(uint32, decoded.id, 'id', 0);
  const seq = check(uint32, decoded.seq, 'seq', id);
  const name = bodyCase(decoded, ['id', 'seq']) as ServerMessageCase | undefined;
  if (name === undefined || !Object.hasOwn(BODIES, name)) return { id, seq, body: undefined };
  const value = check(BODIES[name].schema, decoded[name], name, id);
  return { id, seq, body: { case: name, value } as ServerMessage };
}

/**
 * The body's part of a frame. A frame is its envelope and its body, one after the other (protobuf reads fields in any order),
 * so that a fact for a whole room is encoded once and numbered per session.
 */
export function encodeServerBody(body: SentServerMessage): Uint8Array {
  const toWire = BODIES[body.case].toWire as (value: unknown) => object;
  return conclave.v1.ServerFrame.encode({ [body.case]: toWire(body.value) }).finish();
}

/** The whole frame: `body` is what `encodeServerBody` gave. */
export function joinServerFrame(id: number, seq: number, body: Uint8Array): Uint8Array {
  const envelope = conclave.v1.ServerFrame.encode({ id, seq }).finish();
  const frame = new Uint8Array(envelope.byteLength + body.byteLength);
  frame.set(envelope);
  frame.set(body, envelope.byteLength);
  return frame;
}
