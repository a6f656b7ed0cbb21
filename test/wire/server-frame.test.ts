import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conclave } from '../../src/wire/gen/conclave.js';
import {
  decodeServerFrame,
  encodeServerBody,
  joinServerFrame,
  type SentServerMessage,
  WireError,
} from '../../src/wire/index.ts';
import { dtlsParameters, id, rtpCapabilities, rtpParameters, secret, source } from './frame-arbitraries.ts';
import { SERVER_MLS_MESSAGES } from './mls-arbitraries.ts';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const producer = fc.record({ id, source, paused: fc.boolean() });
const peer = fc.record({
  id,
  userId: id,
  deviceId: id,
  memberId: id,
  role: fc.constantFrom('speaker', 'listener'),
  moderator: fc.boolean(),
  producers: fc.array(producer, { maxLength: 4 }),
});
const iceParameters = fc.record({
  usernameFragment: fc.stringMatching(/^[a-z0-9]{4,32}$/),
  password: fc.stringMatching(/^[a-z0-9]{22,40}$/),
  iceLite: fc.boolean(),
});
const candidate = fc.record(
  {
    foundation: fc.stringMatching(/^[a-z]{1,10}$/),
    priority: uint32,
    address: fc.ipV4(),
    protocol: fc.constantFrom('udp', 'tcp'),
    port: fc.integer({ min: 1, max: 65_535 }),
    type: fc.constant('host'),
    tcpType: fc.constant('passive'),
  },
  { requiredKeys: ['foundation', 'priority', 'address', 'protocol', 'port', 'type'] },
);
const transport = fc.record({
  id,
  iceParameters,
  iceCandidates: fc.array(candidate, { maxLength: 4 }),
  dtlsParameters,
});
const closing = {
  code: fc.constantFrom('invalid', 'room-full'),
  message: fc.string({ maxLength: 255 }),
  retryable: fc.boolean(),
};
const refusal = fc.record({ ...closing, nextServer: fc.webUrl() }, { requiredKeys: ['code', 'message', 'retryable'] });
/** A listener has no way to send. */
const paths = { sendTransport: transport, recvTransport: transport };
const layer = fc.integer({ min: 0, max: 255 });

const message = (name: SentServerMessage['case'], value: fc.Arbitrary<unknown>) =>
  value.map((each) => ({ case: name, value: each }) as unknown as SentServerMessage);

/** One row per message that the server may send. */
const SERVER_MESSAGES = [
  message('refused', refusal),
  message(
    'hello',
    fc.record({
      routerRtpCapabilities: rtpCapabilities,
      idleTimeoutMs: uint32,
      sessionId: id,
      resumeSecret: secret,
      resumeWindowMs: uint32,
    }),
  ),
  message(
    'joined',
    fc.record(
      { peerId: id, memberId: id, moderator: fc.boolean(), locked: fc.boolean(), peers: fc.array(peer), ...paths },
      { requiredKeys: ['peerId', 'memberId', 'moderator', 'locked', 'peers', 'recvTransport'] },
    ),
  ),
  message('resumed', fc.record({ lastId: uint32 })),
  message('done', fc.constant({})),
  message('restartIce', fc.record({ iceParameters })),
  message('produce', fc.record({ producerId: id })),
  message('peerJoined', fc.record({ peer })),
  message('peerLeft', fc.record({ peerId: id })),
  message('roomLocked', fc.record({ locked: fc.boolean(), by: id })),
  message('producerOpened', fc.record({ peerId: id, producer })),
  message('producerClosed', fc.record({ producerId: id })),
  message('producerPaused', fc.record({ producerId: id })),
  message('producerResumed', fc.record({ producerId: id })),
  message(
    'consumerOpened',
    fc.record({
      consumerId: id,
      producerId: id,
      peerId: id,
      source,
      kind: fc.constantFrom('audio', 'video'),
      rtpParameters,
    }),
  ),
  message('consumerClosed', fc.record({ consumerId: id })),
  message(
    'consumerLayersChanged',
    fc.record({ consumerId: id, spatialLayer: layer, temporalLayer: layer }, { requiredKeys: ['consumerId'] }),
  ),
  message('speakersChanged', fc.record({ peerIds: fc.array(id, { maxLength: 10 }) })),
  message('mediaLost', fc.constant({})),
  message('mediaMoved', fc.record(paths, { requiredKeys: ['recvTransport'] })),
  message('layersWanted', fc.record({ producerId: id, spatialLayer: layer }, { requiredKeys: ['producerId'] })),
  message('sessionClosing', fc.record(closing)),
  ...SERVER_MLS_MESSAGES.map(([name, value]) => message(name, value)),
] as const;

describe('server frames', () => {
  test.each(SERVER_MESSAGES)('what is encoded is what is decoded (%#)', (messages) => {
    fc.assert(
      fc.property(uint32, uint32, messages, (frameId, seq, body) => {
        const frame = joinServerFrame(frameId, seq, encodeServerBody(body));
        expect(decodeServerFrame(frame)).toEqual({ id: frameId, seq, body });
      }),
    );
  });

  test('one encoded body serves many numbers', () => {
    const body = encodeServerBody({ case: 'mediaLost', value: {} });
    for (const seq of [1, 127, 128, 0xffff_ffff]) {
      expect(decodeServerFrame(joinServerFrame(0, seq, body))).toEqual({
        id: 0,
        seq,
        body: { case: 'mediaLost', value: {} },
      });
    }
  });

  test('a kind that is newer than this code is let by', () => {
    const newer = Buffer.from([0xfa, 0x3f, 0x01, 0x41]); // field 1023
    expect(decodeServerFrame(joinServerFrame(0, 9, newer))).toEqual({ id: 0, seq: 9, body: undefined });
  });

  test('a room of 200 with the longest ids can be joined', () => {
    const longest = 'x'.repeat(128);
    const producers = (['microphone', 'camera'] as const).map((each) => ({ id: longest, source: each, paused: true }));
    const one = { id: longest, userId: longest, deviceId: longest, memberId: longest, role: 'speaker', producers };
    const [sendTransport, recvTransport] = fc.sample(transport, { numRuns: 2, seed: 1 });
    const body = { peerId: longest, memberId: longest, peers: Array(200).fill(one), sendTransport, recvTransport };
    const frame = joinServerFrame(
      1,
      0,
      encodeServerBody({ case: 'joined', value: body } as unknown as SentServerMessage),
    );
    expect(decodeServerFrame(frame).body?.case).toBe('joined');
  });

  test('a server that sends nonsense is refused too', () => {
    const nonsense = conclave.v1.ServerFrame.encode({ seq: 1, peerLeft: { peerId: 'a b' } }).finish();
    expect(() => decodeServerFrame(nonsense)).toThrow(new WireError('invalid', 'bad field: peerLeft.peerId'));
  });

  test('numbers in codec parameters that are no 32-bit integers travel as text', () => {
    const rtp = {
      codecs: [
        { mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000, parameters: { a: 1.5, b: 2 ** 31, c: 7 } },
      ],
      encodings: [{ ssrc: 1 }],
    };
    const value = {
      consumerId: 'c',
      producerId: 'p',
      peerId: 'q',
      source: 'camera',
      kind: 'video',
      rtpParameters: rtp,
    };
    const body = { case: 'consumerOpened', value } as unknown as SentServerMessage;
    expect(decodeServerFrame(joinServerFrame(0, 1, encodeServerBody(body))).body).toMatchObject({
      value: { rtpParameters: { codecs: [{ parameters: { a: '1.5', b: '2147483648', c: 7 } }] } },
    });
  });
});
