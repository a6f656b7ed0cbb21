import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ConsumerId, PeerId, ProducerId, RoomId } from '../../src/base/index.ts';
import type { Sfu } from '../../src/sfu/index.ts';
import type { AnyRtpCapabilities, AnyRtpParameters, SentClientMessage } from '../../src/wire/index.ts';
import { openSfu } from '../support/open-sfu.ts';
import {
  browserRtpCapabilities,
  dtlsParameters,
  opusRtpParameters,
  simulcastRtpParameters,
} from '../support/rtp-fixtures.ts';
import { bodyOf, type SignalingClient } from '../support/signaling-client.ts';
import { until } from '../support/until.ts';
import { isEmpty, join, SignalingFixture } from './signaling-fixture.ts';

let sfu: Sfu;
let fixture: SignalingFixture;

beforeAll(async () => {
  sfu = await openSfu();
  fixture = await SignalingFixture.open(sfu);
});
afterEach(() => fixture.clear());
afterAll(async () => {
  await fixture.close();
  sfu.close();
});

async function produce(client: SignalingClient, source: 'microphone' | 'camera'): Promise<ProducerId> {
  const parameters = source === 'camera' ? simulcastRtpParameters() : opusRtpParameters();
  const rtpParameters = parameters as AnyRtpParameters;
  const answer = await client.request({ case: 'produce', value: { source, rtpParameters, paused: false } });
  return bodyOf(answer, 'produce').producerId;
}

const view = (peerId: PeerId) => ({
  case: 'view' as const,
  value: { tiles: [{ peerId, source: 'camera' as const, heightPx: 360, priority: 100 }], hears: true },
});
const numbered = (client: SignalingClient) => client.seqs.map((_, at) => at + 1);

/** One that was free a moment ago. */
async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

describe('a call over signaling', () => {
  test('Hello says what the router can, and how long silence may last', async () => {
    const client = await fixture.connect();
    const hello = await client.hello(await fixture.token('room'));
    expect(hello.routerRtpCapabilities.codecs.map(({ mimeType }) => mimeType)).toEqual(
      sfu.routerRtpCapabilities.codecs?.map(({ mimeType }) => mimeType),
    );
    expect(hello.idleTimeoutMs).toBe(15_000);
  });

  test('join answers with two paths, and the others are told', async () => {
    const ann = await fixture.member('room', { user: 'ann', device: 'phone' });
    const bob = await fixture.member('room', { user: 'bob', device: 'phone' });
    expect(ann.peers).toEqual([]);
    const seen = ({ peerId, memberId }: typeof ann, userId: string) => ({
      id: peerId,
      userId,
      deviceId: 'phone',
      memberId,
      role: 'speaker',
      moderator: true,
      producers: [],
    });
    expect(bob.peers).toEqual([seen(ann, 'ann')]);
    for (const transport of [bob.sendTransport, bob.recvTransport]) {
      expect(transport?.iceCandidates.length).toBeGreaterThan(0);
      expect(transport?.dtlsParameters.fingerprints.length).toBeGreaterThan(0);
    }
    const { peer } = await ann.client.fact('peerJoined');
    expect(peer).toEqual(seen(bob, 'bob'));
    expect(bob.client.facts).toEqual([]);
  });

  test('a late joiner sees in the roster who publishes what', async () => {
    const ann = await fixture.member('room');
    const microphone = await produce(ann.client, 'microphone');
    const camera = await produce(ann.client, 'camera');
    await ann.client.request({ case: 'setProducerPaused', value: { producerId: microphone, paused: true } });
    const late = await fixture.member('room');
    expect(late.peers[0]?.producers).toEqual([
      { id: microphone, source: 'microphone', paused: true },
      { id: camera, source: 'camera', paused: false },
    ]);
  });

  test('produce, view, consumerOpened, consumerReady: media is set up both ways', async () => {
    const ann = await fixture.member('room');
    const bob = await fixture.member('room');
    const connect = {
      case: 'connectTransport',
      value: { direction: 'send', dtlsParameters: dtlsParameters() },
    } as const;
    expect((await ann.client.request(connect)).case).toBe('done');
    const restarted = await ann.client.request({ case: 'restartIce', value: { direction: 'recv' } });
    expect(bodyOf(restarted, 'restartIce').iceParameters.password).not.toBe(ann.recvTransport.iceParameters.password);

    const camera = await produce(ann.client, 'camera');
    const microphone = await produce(ann.client, 'microphone');
    bob.client.say(view(ann.peerId));
    const video = await bob.client.fact('consumerOpened', ({ source }) => source === 'camera');
    const audio = await bob.client.fact('consumerOpened', ({ source }) => source === 'microphone');
    expect(video).toMatchObject({ producerId: camera, peerId: ann.peerId, kind: 'video' });
    expect(audio).toMatchObject({ producerId: microphone, peerId: ann.peerId, kind: 'audio' });
    expect(video.rtpParameters.encodings).toHaveLength(1);

    bob.client.say({ case: 'consumerReady', value: { consumerId: video.consumerId } });
    await ann.client.request({ case: 'setProducerPaused', value: { producerId: camera, paused: true } });
    await bob.client.fact('producerPaused', ({ producerId }) => producerId === camera);
    await ann.client.request({ case: 'setProducerPaused', value: { producerId: camera, paused: false } });
    await bob.client.fact('producerResumed', ({ producerId }) => producerId === camera);
    await ann.client.request({ case: 'closeProducer', value: { producerId: camera } });
    await bob.client.fact('producerClosed', ({ producerId }) => producerId === camera);
    await bob.client.fact('consumerClosed', ({ consumerId }) => consumerId === video.consumerId);
    expect(bob.client.refusals).toEqual([]);
    expect(bob.client.seqs).toEqual(numbered(bob.client));
    expect(sfu.load).toMatchObject({ peers: 2, transports: 4, producers: 1, consumers: 1 });
  });

  test('facts are numbered 1, 2, 3 without gaps for each session, across leaving and joining again', async () => {
    const ann = await fixture.member('room');
    const others: Awaited<ReturnType<typeof fixture.member>>[] = [];
    for (let at = 0; at < 5; at += 1) others.push(await fixture.member('room'));
    await Promise.all(others.map(({ client }) => produce(client, 'microphone')));
    await ann.client.request({ case: 'leave', value: {} });
    const again = await join(ann.client, 'room');
    expect(again.peerId).not.toBe(ann.peerId);
    expect(again.memberId).toBe(ann.memberId);
    expect(again.peers).toHaveLength(5);
    await others[0]?.client.close();
    await ann.client.fact('peerLeft', ({ peerId }) => peerId === others[0]?.peerId);
    for (const { client } of [ann, ...others]) expect(client.seqs).toEqual(numbered(client));
    expect(ann.client.seqs.length).toBeGreaterThanOrEqual(11);
  });

  test('many join at once and each ends with the same roster: nobody is missed or told twice', async () => {
    const members = await Promise.all(Array.from({ length: 12 }, () => fixture.member('room')));
    const everybody = members.map(({ peerId }) => peerId).sort();
    for (const { client, peerId, peers } of members) {
      await until('everybody is known', () => {
        const told = client.facts.flatMap((fact) => (fact.case === 'peerJoined' ? [fact.value.peer.id] : []));
        const known = [...told, ...peers.map(({ id }) => id), peerId].sort();
        if (known.length < everybody.length) return false;
        expect(known).toEqual(everybody);
        return true;
      });
    }
  });

  test('leave tells the others, frees everything, and keeps the session', async () => {
    const ann = await fixture.member('room');
    const bob = await fixture.member('room');
    await produce(ann.client, 'camera');
    bob.client.say(view(ann.peerId));
    await bob.client.fact('consumerOpened');
    expect((await ann.client.request({ case: 'leave', value: {} })).case).toBe('done');
    await bob.client.fact('peerLeft', ({ peerId }) => peerId === ann.peerId);
    expect(sfu.load).toMatchObject({ rooms: 1, peers: 1, transports: 2, producers: 0, consumers: 0 });
    await ann.client.ping();
    await bob.client.request({ case: 'leave', value: {} });
    expect(isEmpty(sfu)).toBe(true);
    expect(fixture.server.sessions).toBe(2);
  });

  test.each([
    ['closed', (client: SignalingClient) => void client.close()],
    ['cut, and does not come back', (client: SignalingClient) => client.cut()],
  ])('a socket that is %s frees everything of its peer', async (_how, end) => {
    const other = await SignalingFixture.open(sfu, { limits: { resumeWindowMs: 500 } });
    const ann = await other.member('room');
    const bob = await other.member('room');
    await produce(ann.client, 'camera');
    await produce(ann.client, 'microphone');
    bob.client.say(view(ann.peerId));
    await bob.client.fact('consumerOpened');
    end(ann.client);
    await bob.client.fact('peerLeft', ({ peerId }) => peerId === ann.peerId);
    end(bob.client);
    await until('load is zero', () => isEmpty(sfu) && other.server.sessions === 0);
    await other.close();
  });

  test('a socket that goes while its join is under way leaves nothing behind', async () => {
    const other = await SignalingFixture.open(sfu, { limits: { resumeWindowMs: 500 } });
    for (let round = 0; round < 10; round += 1) {
      const client = await other.greeted('room');
      const joining = join(client, 'room').catch(() => undefined);
      if (round % 2) await new Promise((resolve) => setImmediate(resolve));
      client.cut();
      await joining;
    }
    await until('load is zero', () => isEmpty(sfu) && other.server.sessions === 0);
    await other.close();
  });

  test('the same device joining again replaces its older session', async () => {
    const bob = await fixture.member('room', { user: 'bob' });
    const older = await fixture.member('room', { user: 'ann', device: 'phone' });
    const laptop = await fixture.member('room', { user: 'ann', device: 'laptop' });
    const newer = await fixture.member('room', { user: 'ann', device: 'phone' });
    expect(await older.client.closed).toMatchObject({
      closeCode: 4040,
      closeReason: 'replaced',
      said: { code: 'replaced', retryable: false },
    });
    await bob.client.fact('peerLeft', ({ peerId }) => peerId === older.peerId);
    expect(newer.peers.map(({ id }) => id).sort()).toEqual([bob.peerId, laptop.peerId].sort());
    await laptop.client.ping();
    expect(sfu.load.peers).toBe(3);
  });

  test('ping is answered also while another request waits for the worker', async () => {
    const client = await fixture.greeted('room');
    const joining = join(client, 'room');
    await client.ping();
    await joining;
  });

  test('requests are carried out in their order, though sent at once', async () => {
    const client = await fixture.greeted('room');
    const answers: string[] = [];
    const rtpCapabilities = browserRtpCapabilities() as AnyRtpCapabilities;
    const rtpParameters = opusRtpParameters() as AnyRtpParameters;
    const requests: SentClientMessage[] = [
      { case: 'join', value: { roomId: 'room' as RoomId, rtpCapabilities } },
      { case: 'produce', value: { source: 'microphone', rtpParameters, paused: false } },
      { case: 'leave', value: {} },
    ];
    await Promise.all(requests.map((each) => client.request(each).then((answer) => answers.push(answer.case))));
    expect(answers).toEqual(['joined', 'produce', 'done']);
  });

  test('metrics count frames, refusals, sessions and joins', async () => {
    const other = await SignalingFixture.open(sfu);
    const { client } = await other.member('metrics');
    client.say({ case: 'consumerReady', value: { consumerId: 'none' as ConsumerId } });
    await client.ping();
    await client.close();
    await until('the session is closed', () => other.server.sessions === 0);
    const kinds = ['hello', 'join', 'consumerReady', 'ping'].map((kind) => other.count('framesReceived', kind));
    expect(await Promise.all(kinds)).toEqual([1, 1, 1, 1]);
    expect(await other.count('refusals', 'not-found')).toBe(1);
    expect(await other.count('sessionsOpened')).toBe(1);
    expect(await other.count('sessionsClosed', 'gone')).toBe(1);
    const joins = await other.metrics.joinSeconds.get();
    expect(joins.values.find(({ metricName }) => metricName?.endsWith('_count'))?.value).toBe(1);
    await other.close();
  });

  test('a server that closes says so, and its port is free again', async () => {
    const port = await freePort();
    const other = await SignalingFixture.open(sfu, { port });
    const { client } = await other.member('room');
    await expect(SignalingFixture.open(sfu, { port })).rejects.toThrow('taken');
    other.server.close();
    other.server.close();
    expect(await client.closed).toMatchObject({
      closeCode: 4052,
      said: { code: 'shutting-down', retryable: true },
    });
    expect(other.server.sessions).toBe(0);
    const successor = await SignalingFixture.open(sfu, { port });
    await (await successor.connect()).close();
    await successor.close();
  });
});
