import fc from 'fast-check';
import type { SentClientMessage } from '../../src/wire/index.ts';
import { CLIENT_MLS_MESSAGES, id } from './mls-arbitraries.ts';

export { id };

/** Arbitrary values that honest clients and the server may send. */

export const frameId = fc.integer({ min: 1, max: 0xffff_ffff });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
export const source = fc.constantFrom('microphone', 'camera', 'screen', 'screen-audio');
const kind = fc.constantFrom('audio', 'video');
const direction = fc.constantFrom('send', 'recv');
export const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** Sets the field, or leaves it out. */
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const without = <T extends object>(arbitrary: fc.Arbitrary<T>) =>
  arbitrary.map((value) => Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T);

const parameterName = fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/).filter((name) => !(name in Object.prototype));
const parameters = fc.dictionary(
  parameterName,
  fc.oneof(fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }), fc.stringMatching(/^[\x20-\x7e]{0,255}$/)),
  { maxKeys: 6, noNullPrototype: true },
);
const codecFields = {
  mimeType: fc.stringMatching(/^(audio|video)\/[A-Za-z0-9.-]{1,32}$/),
  clockRate: fc.integer({ min: 1, max: 192_000 }),
  channels: optional(fc.integer({ min: 1, max: 8 })),
  parameters,
  rtcpFeedback: fc.array(fc.record({ type: fc.constantFrom('nack', 'goog-remb'), parameter: fc.string() }), {
    maxLength: 3,
  }),
};
const payloadType = fc.integer({ min: 0, max: 127 });
const ssrc = fc.integer({ min: 1, max: 0xffff_fffe });

export const rtpCapabilities = fc.record({
  codecs: fc.array(without(fc.record({ ...codecFields, kind, preferredPayloadType: payloadType })), {
    minLength: 1,
    maxLength: 5,
  }),
  headerExtensions: fc.array(
    fc.record({
      kind,
      uri: fc.webUrl(),
      preferredId: fc.integer({ min: 1, max: 255 }),
      preferredEncrypt: fc.boolean(),
      direction: fc.constantFrom('sendrecv', 'sendonly', 'recvonly', 'inactive'),
    }),
    { maxLength: 4 },
  ),
});

const encoding = without(
  fc.record({
    ssrc: optional(ssrc),
    rid: optional(fc.stringMatching(/^[A-Za-z0-9]{1,16}$/)),
    rtx: optional(fc.record({ ssrc })),
    codecPayloadType: optional(payloadType),
    dtx: fc.boolean(),
    scalabilityMode: optional(fc.constantFrom('L1T3', 'L3T3_KEY', 'S2T1')),
    maxBitrate: optional(uint32),
  }),
).filter((each) => each.ssrc !== undefined || each.rid !== undefined);

/** Drops what would be refused as given twice. */
const unique = <T>(arbitrary: fc.Arbitrary<T>, key: (value: T) => unknown, maxLength: number, minLength = 0) =>
  fc.uniqueArray(arbitrary, { selector: key, maxLength, minLength });

export const rtpParameters = without(
  fc.record({
    mid: optional(fc.stringMatching(/^[A-Za-z0-9_-]{1,16}$/)),
    codecs: unique(without(fc.record({ ...codecFields, payloadType })), (codec) => codec.payloadType, 4, 1),
    headerExtensions: unique(
      fc.record({ uri: fc.webUrl(), id: fc.integer({ min: 1, max: 255 }), encrypt: fc.boolean() }),
      (extension) => extension.id,
      5,
    ),
    encodings: fc
      .array(encoding, { minLength: 1, maxLength: 4 })
      .filter(
        (list) =>
          new Set(list.map((each, at) => each.ssrc ?? -at)).size === list.length &&
          new Set(list.map((each, at) => each.rid ?? -at)).size === list.length,
      ),
    rtcp: without(fc.record({ cname: optional(fc.string({ maxLength: 60 })), reducedSize: fc.boolean() })),
  }),
);

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((hash) => Buffer.from(hash).toString('hex'));
const colons = (text: string) => text.replace(/..(?!$)/g, '$&:');

export const dtlsParameters = fc.record({
  role: fc.constantFrom('auto', 'client', 'server'),
  fingerprints: unique(
    fc.oneof(
      fc.record({ algorithm: fc.constant('sha-256'), value: hex(32).map(colons) }),
      fc.record({ algorithm: fc.constant('sha-384'), value: hex(48).map(colons) }),
      fc.record({ algorithm: fc.constant('sha-512'), value: hex(64).map(colons) }),
    ),
    (fingerprint) => fingerprint.algorithm,
    3,
    1,
  ),
});

/** None is both a tile and a neighbour: the neighbours' ids are longer than any other. */
const neighbours = unique(
  fc.record({
    peerId: id.map((each) => `${each.slice(0, 50)}-neighbour`),
    source: fc.constantFrom('camera', 'screen'),
  }),
  ({ peerId, source: shown }) => `${peerId} ${shown}`,
  50,
);
const view = fc.record({
  neighbours,
  tiles: unique(
    fc.record({
      peerId: id,
      source: fc.constantFrom('camera', 'screen'),
      heightPx: fc.integer({ min: 1, max: 8192 }),
      priority: fc.integer({ min: 1, max: 255 }),
    }),
    (tile) => `${tile.peerId} ${tile.source}`,
    50,
  ),
  hears: fc.boolean(),
});

const message = (name: SentClientMessage['case'], value: fc.Arbitrary<unknown>) =>
  value.map((each) => ({ case: name, value: each }) as unknown as SentClientMessage);

/** One row per message that a client may send. */
export const CLIENT_MESSAGES = [
  message('hello', fc.record({ token: fc.string({ minLength: 1, maxLength: 4096 }) })),
  message('hello', fc.record({ resume: fc.record({ sessionId: id, secret, lastSeq: uint32 }) })),
  message('join', fc.record({ roomId: id, rtpCapabilities })),
  message('leave', fc.constant({})),
  message('ping', fc.constant({})),
  message('connectTransport', without(fc.record({ direction, dtlsParameters, transportId: optional(id) }))),
  message('restartIce', without(fc.record({ direction, transportId: optional(id) }))),
  message('produce', without(fc.record({ source, rtpParameters, paused: fc.boolean(), transportId: optional(id) }))),
  message('setProducerPaused', fc.record({ producerId: id, paused: fc.boolean() })),
  message('closeProducer', fc.record({ producerId: id })),
  message('view', view),
  message('consumerReady', fc.record({ consumerId: id })),
  message('speaking', fc.constant({})),
  message('removePeer', fc.record({ peerId: id })),
  message('setLocked', fc.record({ locked: fc.boolean() })),
  message('invite', fc.record({ userId: id })),
  ...CLIENT_MLS_MESSAGES.map(([name, value]) => message(name, value)),
] as const;

export const clientMessage = fc.oneof(...CLIENT_MESSAGES);
