import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conclave } from '../../src/wire/gen/conclave.js';
import {
  decodeClientFrame,
  encodeClientFrame,
  MAX_FRAME_BYTES,
  MAX_TOKEN_CHARS,
  WireError,
} from '../../src/wire/index.ts';
import { CLIENT_MESSAGES, clientMessage, frameId } from './frame-arbitraries.ts';

type Properties = conclave.v1.ClientFrame.$Properties;

/** A frame as a client that checks nothing would send it. */
const raw = (frame: object) => conclave.v1.ClientFrame.encode(frame as Properties).finish();

/** `code: message` of the refusal, or what was read. */
function outcome(bytes: Uint8Array): unknown {
  try {
    return decodeClientFrame(bytes);
  } catch (error) {
    if (error instanceof WireError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** Every property with its value or accessors, as pairs: `__proto__` is one of them. */
const ownProperties = (object: object) =>
  Reflect.ownKeys(object).map((key) => [key, Object.getOwnPropertyDescriptor(object, key)]);

const invalid = (field: string) => `invalid: bad field: ${field}`;

const codec = { mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000, channels: 2 };
const capability = { kind: 1, mimeType: 'audio/opus', preferredPayloadType: 100, clockRate: 48_000, channels: 2 };
const parameters = { mid: '0', codecs: [codec], encodings: [{ ssrc: 1234 }], rtcp: { cname: 'c' } };
const fingerprint = { algorithm: 'sha-256', value: Array(32).fill('AB').join(':') };
const tile = { peerId: 'p', source: 2, heightPx: 360, priority: 1 };

const join = (change: object) => ({
  join: { roomId: 'r', rtpCapabilities: { codecs: [capability] }, ...change },
});
const produce = (change: object) => ({ produce: { source: 1, rtpParameters: { ...parameters, ...change } } });
const encodings = (...list: object[]) => produce({ encodings: list });
const connect = (...fingerprints: object[]) => ({
  connectTransport: { direction: 1, dtlsParameters: { role: 1, fingerprints } },
});
const view = (...tiles: object[]) => ({ view: { tiles } });
const withParameters = (map: object) => join({ rtpCapabilities: { codecs: [{ ...capability, parameters: map }] } });

describe('client frames', () => {
  test.each(CLIENT_MESSAGES)('what is encoded is what is decoded (%#)', (messages) => {
    fc.assert(
      fc.property(frameId, messages, (id, body) => {
        expect(decodeClientFrame(encodeClientFrame(id, body))).toEqual({ id, ack: 0, body });
      }),
    );
  });

  test('a frame of an honest client that is cut anywhere is refused or another frame, never a crash', () => {
    fc.assert(
      fc.property(clientMessage, fc.nat(), (body, at) => {
        const bytes = encodeClientFrame(1, body);
        const cut = outcome(bytes.subarray(0, at % bytes.byteLength));
        expect(typeof cut === 'string' ? cut.split(':')[0] : (cut as { id: number }).id).toBeOneOf([
          'malformed',
          'invalid',
          1,
        ]);
      }),
    );
  });

  test.each<[string, string, object]>([
    ['join without a room', invalid('join.roomId'), join({ roomId: '' })],
    ['a room id with a slash', invalid('join.roomId'), join({ roomId: 'a/b' })],
    ['a room id in unicode', invalid('join.roomId'), join({ roomId: 'zürich' })],
    ['a room id of 129 characters', invalid('join.roomId'), join({ roomId: 'r'.repeat(129) })],
    ['no capabilities', invalid('join.rtpCapabilities'), join({ rtpCapabilities: null })],
    ['no codecs', invalid('join.rtpCapabilities.codecs'), join({ rtpCapabilities: {} })],
    [
      '129 codecs',
      invalid('join.rtpCapabilities.codecs'),
      join({ rtpCapabilities: { codecs: Array(129).fill(capability) } }),
    ],
    [
      'a codec of no kind',
      invalid('join.rtpCapabilities.codecs.0.kind'),
      join({ rtpCapabilities: { codecs: [{ ...capability, kind: 0 }] } }),
    ],
    [
      'a codec of a new kind',
      invalid('join.rtpCapabilities.codecs.0.kind'),
      join({ rtpCapabilities: { codecs: [{ ...capability, kind: 9 }] } }),
    ],
    [
      '65 header extensions',
      invalid('join.rtpCapabilities.headerExtensions'),
      join({
        rtpCapabilities: {
          codecs: [capability],
          headerExtensions: Array(65).fill({ kind: 1, uri: 'u', preferredId: 1, direction: 1 }),
        },
      }),
    ],
    ['an empty token', invalid('hello.token'), { hello: { token: '' } }],
    ['a huge token', invalid('hello.token'), { hello: { token: 't'.repeat(MAX_TOKEN_CHARS + 1) } }],
    [
      '5,000 encodings',
      invalid('produce.rtpParameters.encodings'),
      encodings(...Array.from({ length: 5_000 }, (_, at) => ({ ssrc: at + 1 }))),
    ],
    [
      '5 encodings',
      invalid('produce.rtpParameters.encodings'),
      encodings(...[1, 2, 3, 4, 5].map((ssrc) => ({ ssrc }))),
    ],
    ['no encoding', invalid('produce.rtpParameters.encodings'), encodings()],
    ['ssrc -1', invalid('produce.rtpParameters.encodings.0.ssrc'), encodings({ ssrc: -1 })],
    ['ssrc 0', invalid('produce.rtpParameters.encodings.0.ssrc'), encodings({ ssrc: 0 })],
    ['rtx ssrc -1', invalid('produce.rtpParameters.encodings.0.rtxSsrc'), encodings({ ssrc: 1, rtxSsrc: -1 })],
    ['neither ssrc nor rid', invalid('produce.rtpParameters.encodings.0'), encodings({ dtx: true })],
    ['an ssrc twice', invalid('produce.rtpParameters.encodings'), encodings({ ssrc: 7 }, { ssrc: 7 })],
    ['a rid twice', invalid('produce.rtpParameters.encodings'), encodings({ rid: 'h' }, { rid: 'h' })],
    ['a rid with a space', invalid('produce.rtpParameters.encodings.0.rid'), encodings({ rid: 'a b' })],
    [
      'a scalability mode of 99 layers',
      invalid('produce.rtpParameters.encodings.0.scalabilityMode'),
      encodings({ ssrc: 1, scalabilityMode: 'L99T99' }),
    ],
    ['a mid with a quote', invalid('produce.rtpParameters.mid'), produce({ mid: "0'" })],
    ['a mid of 17 characters', invalid('produce.rtpParameters.mid'), produce({ mid: 'm'.repeat(17) })],
    ['an unknown source', invalid('produce.source'), { produce: { source: 7, rtpParameters: parameters } }],
    ['no source', invalid('produce.source'), { produce: { rtpParameters: parameters } }],
    ['no rtcp', invalid('produce.rtpParameters.rtcp'), produce({ rtcp: null })],
    [
      '17 codecs',
      invalid('produce.rtpParameters.codecs'),
      produce({ codecs: Array.from({ length: 17 }, (_, at) => ({ ...codec, payloadType: at })) }),
    ],
    ['a payload type twice', invalid('produce.rtpParameters.codecs'), produce({ codecs: [codec, codec] })],
    [
      'payload type 128',
      invalid('produce.rtpParameters.codecs.0.payloadType'),
      produce({ codecs: [{ ...codec, payloadType: 128 }] }),
    ],
    [
      'a mime type of text',
      invalid('produce.rtpParameters.codecs.0.mimeType'),
      produce({ codecs: [{ ...codec, mimeType: 'text/html' }] }),
    ],
    [
      'clock rate 0',
      invalid('produce.rtpParameters.codecs.0.clockRate'),
      produce({ codecs: [{ ...codec, clockRate: 0 }] }),
    ],
    [
      '99 channels',
      invalid('produce.rtpParameters.codecs.0.channels'),
      produce({ codecs: [{ ...codec, channels: 99 }] }),
    ],
    [
      '33 feedback lines',
      invalid('produce.rtpParameters.codecs.0.rtcpFeedback'),
      produce({ codecs: [{ ...codec, rtcpFeedback: Array(33).fill({ type: 'nack' }) }] }),
    ],
    [
      '33 header extensions',
      invalid('produce.rtpParameters.headerExtensions'),
      produce({ headerExtensions: Array.from({ length: 33 }, (_, at) => ({ uri: 'u', id: at + 1 })) }),
    ],
    [
      'an extension id twice',
      invalid('produce.rtpParameters.headerExtensions'),
      produce({
        headerExtensions: [
          { uri: 'u', id: 1 },
          { uri: 'v', id: 1 },
        ],
      }),
    ],
    [
      'extension id 0',
      invalid('produce.rtpParameters.headerExtensions.0.id'),
      produce({ headerExtensions: [{ uri: 'u', id: 0 }] }),
    ],
    [
      'a fingerprint "zz"',
      invalid('connectTransport.dtlsParameters.fingerprints.0'),
      connect({ algorithm: 'sha-256', value: 'zz' }),
    ],
    [
      'a fingerprint of another hash',
      invalid('connectTransport.dtlsParameters.fingerprints.0'),
      connect({ ...fingerprint, algorithm: 'sha-512' }),
    ],
    [
      'a fingerprint of sha-1',
      invalid('connectTransport.dtlsParameters.fingerprints.0.algorithm'),
      connect({ ...fingerprint, algorithm: 'sha-1' }),
    ],
    ['no fingerprint', invalid('connectTransport.dtlsParameters.fingerprints'), connect()],
    [
      'the same algorithm twice',
      invalid('connectTransport.dtlsParameters.fingerprints'),
      connect(fingerprint, fingerprint),
    ],
    ['no direction', invalid('restartIce.direction'), { restartIce: {} }],
    ['direction 3', invalid('restartIce.direction'), { restartIce: { direction: 3 } }],
    ['no producer', invalid('closeProducer.producerId'), { closeProducer: {} }],
    ['a producer id with a NUL', invalid('setProducerPaused.producerId'), { setProducerPaused: { producerId: 'a\0' } }],
    ['no consumer', invalid('consumerReady.consumerId'), { consumerReady: {} }],
    [
      '51 tiles',
      invalid('view.tiles'),
      view(...Array.from({ length: 51 }, (_, at) => ({ ...tile, peerId: `p${at}` }))),
    ],
    ['a tile twice', invalid('view.tiles'), view(tile, tile)],
    ['a tile of a microphone', invalid('view.tiles'), view({ ...tile, source: 1 })],
    ['a tile that is a neighbour too', invalid('view.neighbours'), { view: { tiles: [tile], neighbours: [tile] } }],
    ['a neighbour twice', invalid('view.neighbours'), { view: { neighbours: [tile, tile] } }],
    ['a neighbour of a microphone', invalid('view.neighbours'), { view: { neighbours: [{ ...tile, source: 1 }] } }],
    [
      '51 neighbours',
      invalid('view.neighbours'),
      { view: { neighbours: Array.from({ length: 51 }, (_, at) => ({ ...tile, peerId: `p${at}` })) } },
    ],
    ['a tile without height', invalid('view.tiles.0.heightPx'), view({ ...tile, heightPx: 0 })],
    ['a tile of priority 0', invalid('view.tiles.0.priority'), view({ ...tile, priority: 0 })],
    ['a tile of priority 256', invalid('view.tiles.0.priority'), view({ ...tile, priority: 256 })],
    [
      '33 codec parameters',
      invalid('join.rtpCapabilities.codecs.0.parameters'),
      withParameters(Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`p${at}`, { number: 1 }]))),
    ],
    [
      'a long parameter',
      invalid('join.rtpCapabilities.codecs.0.parameters.a.text'),
      withParameters({ a: { text: 'x'.repeat(256) } }),
    ],
    ['no body', 'malformed: no known body', {}],
    ['id 0', 'malformed: frame without an id', { id: 0, ping: {} }],
  ])('%s: %s', (_what, expected, frame) => {
    expect(outcome(raw({ id: 1, ...frame }))).toBe(expected);
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'a codec parameter named %s leaves Object.prototype as it was',
    (name) => {
      const before = ownProperties(Object.prototype);
      const map = JSON.parse(`{ ${JSON.stringify(name)}: { "text": "polluted" } }`);
      const read = JSON.stringify(outcome(raw({ id: 1, ...withParameters(map) })));
      expect(ownProperties(Object.prototype)).toEqual(before);
      if (name === '__proto__')
        expect(read).not.toContain('polluted'); // left out
      else if (name in Object.prototype) expect(read).toContain('invalid: bad field');
    },
  );

  test('a name with a newline or 65 characters as a codec parameter is refused', () => {
    for (const name of ['a\nb', 'a'.repeat(65), '']) {
      expect(outcome(raw({ id: 1, ...withParameters({ [name]: { number: 1 } }) }))).toMatch(/^invalid/);
    }
  });

  test('64 KiB is decoded, one byte more is refused before looking inside, under its id', () => {
    const padding = (size: number) => {
      const bytes = new Uint8Array(size).fill(0xff);
      bytes.set(raw({ id: 300 }));
      return bytes;
    };
    expect(outcome(padding(MAX_FRAME_BYTES))).toBe('malformed: not a frame');
    expect(outcome(padding(MAX_FRAME_BYTES + 1))).toBe('too-large: frame of 65537 bytes, limit 65536');
    expect(() => decodeClientFrame(padding(MAX_FRAME_BYTES + 1))).toThrow(expect.objectContaining({ frameId: 300 }));
  });

  test('two bodies are refused, two of a kind too', () => {
    const ping = raw({ id: 1, ping: {} });
    for (const other of [raw({ leave: {} }), raw({ hello: { token: 't' } }), raw({ ping: {} })]) {
      expect(outcome(Buffer.concat([ping, other]))).toBe('malformed: more than one body');
    }
  });

  test('a body of an unknown kind is refused; an unknown field beside a known body is let by', () => {
    const unknown = Buffer.from([0xfa, 0x3f, 0x01, 0x41]); // field 1023, one byte
    expect(outcome(Buffer.concat([raw({ id: 4 }), unknown]))).toBe('malformed: no known body');
    expect(outcome(Buffer.concat([raw({ id: 4, ping: {} }), unknown]))).toEqual({
      id: 4,
      ack: 0,
      body: { case: 'ping', value: {} },
    });
  });

  test('a field of the wrong wire type is not there', () => {
    expect(outcome(Buffer.from([0x08, 0x05, 0x10, 0x01]))).toBe('malformed: no known body'); // hello as a number
    expect(outcome(Buffer.from([0x08, 0x05, 0x12, 0x02, 0x08, 0x01]))).toBe(invalid('hello.token')); // token as a number
    expect(outcome(Buffer.from([0x0a, 0x01, 0x05, 0x2a, 0x00]))).toBe('malformed: frame without an id'); // id as bytes
  });

  test.each([
    ['nothing', []],
    ['half a varint', [0x08, 0x80]],
    ['an endless varint', [0x08, ...Array(12).fill(0xff)]],
    ['a length past the end', [0x08, 0x01, 0x12, 0x7f, 0x41]],
    ['a reserved wire type', [0x08, 0x01, 0x17]],
    ['groups in groups', [0x08, 0x01, ...Array(10_000).fill(0xfb)]],
    ['text that is no UTF-8', [0x08, 0x01, 0x12, 0x04, 0x0a, 0x02, 0xff, 0xfe]],
  ])('%s is malformed', (_what, bytes) => {
    expect(outcome(Uint8Array.from(bytes))).toMatch(/^malformed: /);
  });

  test('what was decoded holds only what the schema names', () => {
    const read = outcome(raw({ id: 1, ...connect(fingerprint) }));
    expect(read).toStrictEqual({
      id: 1,
      ack: 0,
      body: {
        case: 'connectTransport',
        value: { direction: 'send', dtlsParameters: { role: 'auto', fingerprints: [fingerprint] } },
      },
    });
  });
});
