import { createHmac, randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConsumerId, PeerId, RoomId } from '../../src/base/index.ts';
import type { Sfu } from '../../src/sfu/index.ts';
import { TokenVerifier } from '../../src/signaling/index.ts';
import { conclave } from '../../src/wire/gen/conclave.js';
import { type AnyRtpParameters, encodeClientFrame, MAX_FRAME_BYTES } from '../../src/wire/index.ts';
import { openSfu, ROOMY } from '../support/open-sfu.ts';
import { dtlsParameters, opusRtpParameters, simulcastRtpParameters } from '../support/rtp-fixtures.ts';
import { bodyOf, type SignalingClient } from '../support/signaling-client.ts';
import { until } from '../support/until.ts';
import { Bystanders } from './bystanders.ts';
import { join, SignalingFixture } from './signaling-fixture.ts';

const PEERS_PER_ROOM = 3;

/** What the tests may fill up; the bystanders have a room and places of their own. */
const ROOMS = 2;
const PEERS = 5;
const BYSTANDERS = 2;

let sfu: Sfu;
let fixture: SignalingFixture;
let bystanders: Bystanders;
let publicKey: JWK;
let privateKey: CryptoKey;

beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  publicKey = { ...(await exportJWK(pair.publicKey)), kid: 'k1' };
  privateKey = pair.privateKey;
  const limits = { ...ROOMY, maxRooms: ROOMS + 1, maxPeers: PEERS + BYSTANDERS, maxPeersPerRoom: PEERS_PER_ROOM };
  sfu = await openSfu({ limits });
  fixture = await SignalingFixture.open(sfu);
});
beforeEach(async () => {
  bystanders = await Bystanders.open(fixture);
});
afterEach(async () => {
  await bystanders.expectService();
  const told = bystanders.hearer.facts.map((fact) => fact.case);
  expect(told).toEqual(['producerOpened', 'consumerOpened', 'producerPaused']); // and nothing of other rooms
  await fixture.clear();
});
afterAll(async () => {
  await fixture.close();
  sfu.close();
});

const code = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'accepted',
    (error) => error.code ?? error.message,
  );

/** A frame as a client that checks nothing would send it. */
const raw = (frame: object) => conclave.v1.ClientFrame.encode(frame as conclave.v1.ClientFrame.$Properties).finish();

describe('a token that is refused closes the session, with a code', () => {
  const claims = { aud: 'conclave', jti: 'j', room: 'room', sub: 'ann', device: 'phone', role: 'speaker' };
  const sign = (change: object, kid = 'k1', key: CryptoKey = privateKey) =>
    new SignJWT({ ...claims, jti: randomUUID(), iat: nowS(), exp: nowS() + 60, ...change })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .sign(key);
  const nowS = () => Math.floor(Date.now() / 1000);
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
  const payload = () => part({ ...claims, jti: randomUUID(), iat: nowS(), exp: nowS() + 60 });
  const hs256 = () => {
    const signed = `${part({ alg: 'HS256', kid: 'k1' })}.${payload()}`;
    return `${signed}.${createHmac('sha256', JSON.stringify(publicKey)).update(signed).digest('base64url')}`;
  };
  const otherKey = async () => (await generateKeyPair('EdDSA', { crv: 'Ed25519' })).privateKey;

  test.each<[string, string, number, () => string | Promise<string>]>([
    ['no JWT', 'unauthenticated', 4001, () => 'let me in'],
    ['expired', 'token-expired', 4002, () => sign({ iat: nowS() - 900, exp: nowS() - 600 })],
    ['alg none', 'unauthenticated', 4001, () => `${part({ alg: 'none', kid: 'k1' })}.${payload()}.`],
    ['alg HS256 with the public key', 'unauthenticated', 4001, hs256],
    ['an unknown kid', 'unauthenticated', 4001, () => sign({}, 'k2')],
    ['another key', 'unauthenticated', 4001, async () => sign({}, 'k1', await otherKey())],
    ['for somebody else', 'unauthenticated', 4001, () => sign({ aud: 'mail' })],
    ['a role that is none', 'unauthenticated', 4001, () => sign({ role: 'admin' })],
  ])('%s: %s', async (_what, expected, closeCode, token) => {
    const other = await SignalingFixture.open(sfu, { tokens: await TokenVerifier.open([publicKey]) });
    const good = await other.connect();
    await good.hello(await sign({}));
    const client = await other.connect();
    expect(await code(client.hello(await token()))).toBe(expected);
    expect(await client.closed).toMatchObject({ closeCode, closeReason: expected, said: { code: expected } });
    await good.ping();
    await other.close();
  });

  test('used a second time: token-used', async () => {
    const token = await fixture.token('room');
    const first = await fixture.connect();
    await first.hello(token);
    const second = await fixture.connect();
    expect(await code(second.hello(token))).toBe('token-used');
    expect((await second.closed).closeCode).toBe(4003);
    await first.ping();
  });

  test('an empty one does not count as a token, and the session may say Hello again', async () => {
    const client = await fixture.connect();
    expect(await code(client.hello(''))).toBe('invalid');
    await client.hello(await fixture.token('room'));
  });

  test('none at all: invalid, three times close the session', async () => {
    const client = await fixture.connect();
    for (const id of [1, 2]) expect(await code(client.requestRaw(raw({ id, hello: {} }), id))).toBe('invalid');
    client.sendRaw(raw({ id: 3, hello: {} }));
    expect(await client.closed).toMatchObject({ closeCode: 4011, said: { code: 'invalid', retryable: false } });
  });

  test('for another room: wrong-room, and its own room can be joined', async () => {
    const client = await fixture.greeted('mine');
    const before = sfu.load;
    expect(await code(join(client, 'yours'))).toBe('wrong-room');
    expect(sfu.load).toEqual(before);
    await join(client, 'mine');
  });
});

describe('frames that cannot be read', () => {
  test.each<[string, string, () => Uint8Array | string]>([
    [
      'cut',
      'malformed',
      () => encodeClientFrame(9, { case: 'closeProducer', value: { producerId: 'abc' as never } }).subarray(0, -2),
    ],
    ['empty', 'malformed', () => new Uint8Array()],
    ['of an unknown type', 'malformed', () => Uint8Array.from([0x08, 0x09, 0xfa, 0x3f, 0x00])],
    ['of two bodies', 'malformed', () => raw({ id: 9, ping: {}, leave: {} })],
    ['under id 0', 'malformed', () => raw({ ping: {} })],
    ['under an old id', 'malformed', () => raw({ id: 1, ping: {} })],
    ['a text message', 'malformed', () => 'hello'],
    ['64 KiB and a byte', 'too-large', () => new Uint8Array(MAX_FRAME_BYTES + 1)],
    ['a blank room', 'invalid', () => raw({ id: 9, join: { roomId: ' ' } })],
  ])('%s: %s, three times close the session, and nobody else notices', async (_what, expected, frame) => {
    const { client } = await fixture.member('room');
    const witness = await fixture.member('room');
    const bytes = frame();
    client.sendRaw(bytes);
    client.sendRaw(bytes);
    await until('two refusals', () => client.refusals.length === 2);
    await client.ping();
    client.sendRaw(bytes);
    const closing = await client.closed;
    expect(client.refusals.map((refusal) => refusal.code)).toEqual([expected, expected, expected]);
    expect(closing.said).toMatchObject({ code: expected, retryable: false });
    expect(closing.closeReason).toBe(expected);
    await witness.client.fact('peerLeft');
    await witness.client.ping();
  });

  test('a refusal names the field, and comes under the id of its frame', async () => {
    const { client } = await fixture.member('room');
    const view = {
      tiles: [{ peerId: 'p' as PeerId, source: 'camera' as const, heightPx: 0, priority: 1 }],
      hears: true,
    };
    await expect(client.request({ case: 'view', value: view })).rejects.toThrow(
      'invalid: bad field: view.tiles.0.heightPx',
    );
  });

  test('more than 512 KiB ends the connection before it is read', async () => {
    const { client } = await fixture.member('room');
    const witness = await fixture.member('room');
    client.sendRaw(new Uint8Array(600 * 1024));
    expect((await client.closed).closeCode).toBe(1006);
    await witness.client.fact('peerLeft');
    await witness.client.ping();
  });

  test('before Hello everything else is out of order, three times close', async () => {
    const client = await fixture.connect();
    expect(await code(client.ping())).toBe('out-of-order');
    expect(await code(join(client, 'room'))).toBe('out-of-order');
    expect(await code(client.request({ case: 'leave', value: {} }))).toBe('out-of-order');
    expect(await client.closed).toMatchObject({ closeCode: 4013, said: { code: 'out-of-order' } });
  });

  test('of a stranger are refused by the same codes, and count together with those out of order', async () => {
    const client = await fixture.connect();
    client.sendRaw(new Uint8Array());
    expect(await code(client.ping())).toBe('out-of-order');
    client.sendRaw(new Uint8Array(MAX_FRAME_BYTES + 1));
    expect(await client.closed).toMatchObject({ closeCode: 4012, said: { code: 'too-large' } });
    expect(client.refusals.map((refusal) => refusal.code)).toEqual(['malformed', 'too-large']);
  });

  test('without the subprotocol there is no session', async () => {
    await expect(fixture.connect({ subprotocol: 'conclave.v9' })).rejects.toThrow('400');
    expect(fixture.server.sessions).toBe(BYSTANDERS);
  });
});

describe('requests that are refused change nothing', () => {
  const opus = (change: object = {}) => ({ ...opusRtpParameters(), ...change }) as AnyRtpParameters;
  const produce = (
    client: SignalingClient,
    rtpParameters: AnyRtpParameters,
    source: 'microphone' | 'camera' = 'microphone',
  ) => client.request({ case: 'produce', value: { source, rtpParameters, paused: false } });
  const connect = (client: SignalingClient, value = dtlsParameters().fingerprints[0]?.value ?? '') =>
    client.request({
      case: 'connectTransport',
      value: { direction: 'send', dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] } },
    });

  /** The refusal's code; afterwards the SFU holds what it held, and both sessions are answered. */
  async function refusal(
    ask: (client: SignalingClient, witness: SignalingClient) => Promise<unknown>,
  ): Promise<string> {
    const { client } = await fixture.member('room');
    const witness = await fixture.member('room');
    const before = sfu.load;
    const refused = await code(ask(client, witness.client));
    expect(sfu.load).toEqual(before);
    await client.ping();
    await witness.client.ping();
    return refused;
  }

  test('5,000 encodings: invalid', async () => {
    const encodings = Array.from({ length: 5_000 }, (_, at) => ({ ssrc: at + 1 }));
    expect(await refusal((client) => produce(client, opus({ encodings })))).toBe('invalid');
  });

  test('ssrc -1: invalid', async () => {
    expect(await refusal((client) => produce(client, opus({ encodings: [{ ssrc: -1 }] })))).toBe('invalid');
  });

  test('a fingerprint "zz": invalid', async () => {
    expect(await refusal((client) => connect(client, 'zz'))).toBe('invalid');
  });

  test('codecs that the router does not know: invalid', async () => {
    const codecs = [{ mimeType: 'audio/none', payloadType: 100, clockRate: 48_000 }];
    expect(await refusal((client) => produce(client, opus({ codecs })))).toBe('invalid');
  });

  test("a mid or an ssrc of another producer's: invalid, and that one lives", async () => {
    const { client } = await fixture.member('room');
    await produce(client, opus());
    const before = sfu.load;
    const sameMid = { ...simulcastRtpParameters(), mid: opusRtpParameters().mid } as AnyRtpParameters;
    const sameSsrc = { ...simulcastRtpParameters('7'), encodings: opusRtpParameters().encodings } as AnyRtpParameters;
    expect(await code(produce(client, sameMid, 'camera'))).toBe('invalid');
    expect(await code(produce(client, sameSsrc, 'camera'))).toBe('invalid');
    expect(sfu.load).toEqual(before);
    await produce(client, simulcastRtpParameters() as AnyRtpParameters, 'camera');
  });

  test("another peer's mid and ssrc take nothing from that peer", async () => {
    const ann = await fixture.member('room');
    const eve = await fixture.member('room');
    const { producerId } = bodyOf(await produce(ann.client, opus()), 'produce');
    await produce(eve.client, opus());
    await ann.client.request({ case: 'setProducerPaused', value: { producerId, paused: true } });
    await eve.client.fact('producerPaused', (paused) => paused.producerId === producerId);
    expect(ann.client.facts.map((fact) => fact.case)).toEqual(['peerJoined', 'producerOpened']);
  });

  test('video as a microphone, and a source twice: forbidden', async () => {
    expect(await refusal((client) => produce(client, simulcastRtpParameters() as AnyRtpParameters))).toBe('forbidden');
    const { client } = await fixture.member('room');
    await produce(client, opus());
    expect(await code(produce(client, opus({ mid: '5', encodings: [{ ssrc: 5 }] })))).toBe('forbidden');
  });

  test('a listener may not produce: forbidden', async () => {
    const { client } = await fixture.member('room', { role: 'listener' });
    const before = sfu.load;
    expect(await code(produce(client, opus()))).toBe('forbidden');
    expect(sfu.load).toEqual(before);
    await client.ping();
  });

  test('a tile of oneself: forbidden', async () => {
    const { client, peerId } = await fixture.member('room');
    const tiles = [{ peerId, source: 'camera' as const, heightPx: 100, priority: 1 }];
    expect(await code(client.request({ case: 'view', value: { tiles, hears: true } }))).toBe('forbidden');
  });

  test("another's consumer or producer: not-found", async () => {
    const ann = await fixture.member('room');
    const bob = await fixture.member('room');
    const eve = await fixture.member('room');
    const { producerId } = bodyOf(await produce(ann.client, opus()), 'produce');
    bob.client.say({ case: 'view', value: { tiles: [], hears: true } });
    const { consumerId } = await bob.client.fact('consumerOpened');
    const before = sfu.load;
    expect(await code(eve.client.request({ case: 'consumerReady', value: { consumerId } }))).toBe('not-found');
    expect(await code(eve.client.request({ case: 'closeProducer', value: { producerId } }))).toBe('not-found');
    const pause = { case: 'setProducerPaused', value: { producerId, paused: true } } as const;
    expect(await code(eve.client.request(pause))).toBe('not-found');
    expect(sfu.load).toEqual(before);
    await ann.client.ping();
    expect(bob.client.facts.some((fact) => fact.case === 'producerPaused' || fact.case === 'producerClosed')).toBe(
      false,
    );
  });

  test("what was one's own before leaving: not-found after joining again", async () => {
    const ann = await fixture.member('room');
    const bob = await fixture.member('room');
    const { producerId } = bodyOf(await produce(ann.client, opus()), 'produce');
    bob.client.say({ case: 'view', value: { tiles: [], hears: true } });
    const { consumerId } = await bob.client.fact('consumerOpened');
    for (const { client } of [ann, bob]) {
      await client.request({ case: 'leave', value: {} });
      await join(client, 'room');
    }
    const before = sfu.load;
    expect(await code(ann.client.request({ case: 'closeProducer', value: { producerId } }))).toBe('not-found');
    expect(await code(bob.client.request({ case: 'consumerReady', value: { consumerId } }))).toBe('not-found');
    expect(sfu.load).toEqual(before);
  });

  test('a peer of another room cannot be watched', async () => {
    const ann = await fixture.member('room');
    const eve = await fixture.member('elsewhere');
    await produce(ann.client, simulcastRtpParameters() as AnyRtpParameters, 'camera');
    const before = sfu.load;
    const tiles = [{ peerId: ann.peerId, source: 'camera' as const, heightPx: 100, priority: 1 }];
    eve.client.say({ case: 'view', value: { tiles, hears: true } });
    await eve.client.request({ case: 'restartIce', value: { direction: 'recv' } }); // a round trip to the worker
    expect(eve.client.facts).toEqual([]);
    expect(sfu.load).toEqual(before);
  });

  test('out of order: what needs a room before joining, Hello twice, a path connected twice', async () => {
    const client = await fixture.greeted('room');
    expect(await code(produce(client, opus()))).toBe('out-of-order');
    expect(await code(connect(client))).toBe('out-of-order');
    expect(await code(client.request({ case: 'leave', value: {} }))).toBe('out-of-order');
    expect(await code(client.request({ case: 'consumerReady', value: { consumerId: 'c' as ConsumerId } }))).toBe(
      'out-of-order',
    );
    expect(await code(client.hello(await fixture.token('room')))).toBe('out-of-order');
    await join(client, 'room');
    await connect(client);
    expect(await code(connect(client))).toBe('out-of-order');
    await client.ping();
  });

  test('joining twice: already-joined, also when both are sent at once', async () => {
    const client = await fixture.greeted('room');
    const outcomes = await Promise.all([code(join(client, 'room')), code(join(client, 'room'))]);
    expect(outcomes).toEqual(['accepted', 'already-joined']);
    expect(sfu.load.peers).toBe(BYSTANDERS + 1);
    expect(await code(join(client, 'room'))).toBe('already-joined');
    await produce(client, opus());
  });

  test('a full room: room-full, until somebody leaves', async () => {
    const members = await Promise.all(Array.from({ length: PEERS_PER_ROOM }, () => fixture.member('room')));
    const client = await fixture.greeted('room');
    const before = sfu.load;
    await expect(join(client, 'room')).rejects.toMatchObject({ code: 'room-full', retryable: true });
    expect(sfu.load).toEqual(before);
    await members[0]?.client.request({ case: 'leave', value: {} });
    await join(client, 'room');
  });

  test('a device that comes back to a full room takes its own place', async () => {
    await Promise.all(Array.from({ length: PEERS_PER_ROOM - 1 }, () => fixture.member('room')));
    await fixture.member('room', { user: 'ann', device: 'phone' });
    const again = await fixture.member('room', { user: 'ann', device: 'phone' });
    expect(again.peers).toHaveLength(PEERS_PER_ROOM - 1);
  });

  test('a full server: server-full by peers and by rooms, until there is space', async () => {
    const members = await Promise.all(Array.from({ length: PEERS }, (_, at) => fixture.member(`room${at % ROOMS}`)));
    const late = await fixture.greeted('room1');
    const before = sfu.load;
    await expect(join(late, 'room1')).rejects.toMatchObject({ code: 'server-full', retryable: true });
    expect(sfu.load).toEqual(before);
    await members[0]?.client.request({ case: 'leave', value: {} });
    const third = await fixture.greeted('room2');
    await expect(join(third, 'room2')).rejects.toMatchObject({ code: 'server-full', retryable: true });
    await join(late, 'room1');
  });

  test('a server with as many sessions as it may have closes the next one with a code', async () => {
    const other = await SignalingFixture.open(sfu, { limits: { maxSessions: 1 } });
    const { client } = await other.member('room');
    const token = await other.token('room');
    const late = await other.connect();
    expect(await code(late.hello(token))).toBe('server-full');
    expect(await late.closed).toMatchObject({ closeCode: 4050, said: { code: 'server-full', retryable: true } });
    await client.ping();
    await client.close();
    await until('there is space', () => other.server.sessions === 0);
    await (await other.connect()).hello(token); // which was not used up
    await other.close();
  });

  test('a server with as many sockets as it may have closes the next one with a code', async () => {
    const other = await SignalingFixture.open(sfu, { limits: { maxSockets: 1 } });
    const client = await other.connect();
    const late = await other.connect();
    expect(await late.closed).toMatchObject({ closeCode: 4050, said: { code: 'server-full', retryable: true } });
    await client.hello(await other.token('room'));
    await other.close();
  });

  test('what nobody foresaw is answered internal, logged, and tells nothing', async () => {
    const logged: unknown[] = [];
    const log = { ...silentLogWith((fields) => logged.push(fields)) };
    const broken = {
      routerRtpCapabilities: sfu.routerRtpCapabilities,
      join: () => Promise.reject(new Error('secret')),
    };
    const other = await SignalingFixture.open(sfu, { sfu: broken, log });
    const client = await other.greeted('room');
    await expect(join(client, 'room' as RoomId)).rejects.toThrow(/^internal: internal error$/);
    expect(logged).toHaveLength(1);
    await client.ping();
    await other.close();
  });
});

function silentLogWith(error: (fields: unknown) => void) {
  const log = {
    error: (_event: string, fields?: unknown) => error(fields),
    warn: () => undefined,
    info: () => undefined,
    debug: () => undefined,
    child: () => log,
  };
  return log;
}
