import * as z from 'zod/mini';
import { type RoomId, sourceKey } from '../base/index.ts';
import {
  bytesField,
  consumerIdField,
  distinct,
  idField,
  peerIdField,
  present,
  producerIdField,
  roomIdField,
  sessionIdField,
  uint32,
  userIdField,
} from './fields.ts';
import { bodyCase, check, decodeBytes, type Received, type Sent, same, turned } from './frame-codec.ts';
import { conclave } from './gen/conclave.js';
import {
  MAX_COMMIT_FRAME_BYTES,
  MAX_FRAME_BYTES,
  MAX_NEIGHBOURS,
  MAX_TILE_HEIGHT_PX,
  MAX_TILES,
  MAX_TOKEN_CHARS,
  RESUME_SECRET_BYTES,
} from './limits.ts';
import { CLIENT_MLS_BODIES } from './mls.ts';
import {
  type AnyRtpCapabilities,
  type AnyRtpParameters,
  rtpCapabilities,
  rtpCapabilitiesToWire,
  rtpParameters,
  rtpParametersToWire,
} from './rtp.ts';
import { bodyFieldNumbers, firstBodyField, refuseSecondBody } from './single-body.ts';
import { type AnyDtlsParameters, dtlsParameters, dtlsParametersToWire } from './transport-parameters.ts';
import { type Direction, direction, type Source, source } from './wire-enum.ts';
import { WireError } from './wire-error.ts';

const tile = z.object({
  peerId: peerIdField,
  source: source.schema,
  heightPx: z.int().check(z.minimum(1), z.maximum(MAX_TILE_HEIGHT_PX)),
  priority: z.int().check(z.minimum(1), z.maximum(255)),
});

const neighbour = z.object({ peerId: peerIdField, source: source.schema });

type Picture = z.output<typeof neighbour>;
const isPicture = ({ source: shown }: Picture) => shown === 'camera' || shown === 'screen';
const pictures = z.refine<readonly Picture[]>((list) => list.every(isPicture), 'not a picture');
const noneTwice = z.refine<readonly Picture[]>((list) => distinct(list, sourceKey), 'twice');

const view = z
  .object({
    tiles: z.array(tile).check(z.maxLength(MAX_TILES), pictures, noneTwice),
    hears: z.boolean(),
    neighbours: z.array(neighbour).check(z.maxLength(MAX_NEIGHBOURS), pictures),
  })
  .check(z.refine(({ tiles, neighbours }) => distinct([...tiles, ...neighbours], sourceKey), { path: ['neighbours'] }));

/** Absent neighbours are none. */
export type SentView = Omit<View, 'neighbours'> & Partial<Pick<View, 'neighbours'>>;

export type View = z.output<typeof view>;
export type Tile = View['tiles'][number];
export type Neighbour = View['neighbours'][number];

const resume = z.object({
  sessionId: sessionIdField,
  secret: bytesField(RESUME_SECRET_BYTES, RESUME_SECRET_BYTES),
  lastSeq: uint32,
});

export type Resume = z.output<typeof resume>;

/** A new session, or one that goes on. */
export type Hello = { readonly token: string } | { readonly resume: Resume };

const hello = z.pipe(
  z
    .object({ token: z.string().check(z.maxLength(MAX_TOKEN_CHARS)), resume: z.nullish(resume) })
    .check(z.refine((said) => (said.token === '') !== !said.resume, { path: ['token'] })),
  z.transform((said): Hello => (said.resume ? { resume: said.resume } : { token: said.token })),
);

/** What a request is meant for, when it says so. */
const onTransport = { transportId: z.nullish(idField) };
interface OnTransport {
  transportId?: string;
}

/** One row per message that a client may send; meanings are in proto/conclave/v1. */
const BODIES = {
  hello: same(hello),
  join: turned(
    z.object({ roomId: roomIdField, rtpCapabilities }),
    (join: { roomId: RoomId; rtpCapabilities: AnyRtpCapabilities }) => ({
      ...join,
      rtpCapabilities: rtpCapabilitiesToWire(join.rtpCapabilities),
    }),
  ),
  leave: same(z.object({})),
  ping: same(z.object({})),
  connectTransport: turned(
    z.pipe(z.object({ direction: direction.schema, dtlsParameters, ...onTransport }), z.transform(present)),
    (connect: { direction: Direction; dtlsParameters: AnyDtlsParameters } & OnTransport) => ({
      ...connect,
      direction: direction.toWire(connect.direction),
      dtlsParameters: dtlsParametersToWire(connect.dtlsParameters),
    }),
  ),
  restartIce: turned(
    z.pipe(z.object({ direction: direction.schema, ...onTransport }), z.transform(present)),
    (restart: { direction: Direction } & OnTransport) => ({
      ...restart,
      direction: direction.toWire(restart.direction),
    }),
  ),
  produce: turned(
    z.pipe(
      z.object({ source: source.schema, rtpParameters, paused: z.boolean(), ...onTransport }),
      z.transform(present),
    ),
    (produce: { source: Source; rtpParameters: AnyRtpParameters; paused: boolean } & OnTransport) => ({
      ...produce,
      source: source.toWire(produce.source),
      rtpParameters: rtpParametersToWire(produce.rtpParameters),
    }),
  ),
  setProducerPaused: same(z.object({ producerId: producerIdField, paused: z.boolean() })),
  closeProducer: same(z.object({ producerId: producerIdField })),
  view: turned(view, ({ tiles, hears, neighbours = [] }: SentView) => ({
    tiles: tiles.map((each) => ({ ...each, source: source.toWire(each.source) })),
    hears,
    neighbours: neighbours.map((each) => ({ ...each, source: source.toWire(each.source) })),
  })),
  consumerReady: same(z.object({ consumerId: consumerIdField })),
  speaking: same(z.object({})),
  removePeer: same(z.object({ peerId: peerIdField })),
  setLocked: same(z.object({ locked: z.boolean() })),
  invite: same(z.object({ userId: userIdField })),
  ...CLIENT_MLS_BODIES,
};

const emptyFrame = (name: string) => conclave.v1.ClientFrame.encode({ [name]: {} }).finish();
const BODY_FIELDS = bodyFieldNumbers(Object.keys(BODIES), emptyFrame);
const COMMIT_FIELDS = bodyFieldNumbers(['commit'], emptyFrame);

export type ClientMessage = Received<typeof BODIES>;
export type SentClientMessage = Sent<typeof BODIES>;

export interface ClientFrame {
  readonly id: number;
  /** The highest seq that the client has received. */
  readonly ack: number;
  readonly body: ClientMessage;
}

/** @throws WireError; everything in the answer is checked. */
export function decodeClientFrame(bytes: Uint8Array): ClientFrame {
  const maxBytes = COMMIT_FIELDS.has(firstBodyField(bytes)) ? MAX_COMMIT_FRAME_BYTES : MAX_FRAME_BYTES;
  const decoded = decodeBytes((from) => conclave.v1.ClientFrame.decode(from), bytes, maxBytes);
  const id = check(uint32, decoded.id, 'id', 0);
  if (id === 0) throw new WireError('malformed', 'frame without an id');
  const name = bodyCase(decoded, ['id', 'ack']) as keyof typeof BODIES | undefined;
  if (name === undefined || !Object.hasOwn(BODIES, name)) throw new WireError('malformed', 'no known body', id);
  const ack = check(uint32, decoded.ack, 'ack', id);
  refuseSecondBody(bytes, BODY_FIELDS, id);
  const value = check(BODIES[name].schema, decoded[name], name, id);
  return { id, ack, body: { case: name, value } as ClientMessage };
}

export function encodeClientFrame(id: number, body: SentClientMessage, ack = 0): Uint8Array {
  const toWire = BODIES[body.case].toWire as (value: unknown) => object;
  return conclave.v1.ClientFrame.encode({ id, ack, [body.case]: toWire(body.value) }).finish();
}
