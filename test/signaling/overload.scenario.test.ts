import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PeerId, ProducerId } from '../../src/base/index.ts';
import type { PeerFact, Sfu } from '../../src/sfu/index.ts';
import { SIGNALING_LIMITS } from '../../src/signaling/index.ts';
import { openSfu } from '../support/open-sfu.ts';
import { opusRtpParameters } from '../support/rtp-fixtures.ts';
import { bodyOf } from '../support/signaling-client.ts';
import { until } from '../support/until.ts';
import { join, SignalingFixture } from './signaling-fixture.ts';

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

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a client that does too much', () => {
  test('frames: is refused, then closed, while the others are answered', async () => {
    const witness = await fixture.member('room');
    const { client } = await fixture.member('room');
    for (let at = 0; at < 2_000; at += 1) client.say({ case: 'ping', value: {} });
    await witness.client.ping();
    expect(await client.closed).toMatchObject({ closeCode: 4020, said: { code: 'rate-limited', retryable: true } });
    const { burst } = SIGNALING_LIMITS.refusals;
    expect(client.refusals.length).toBeGreaterThanOrEqual(burst);
    expect(client.refusals.length).toBeLessThan(2 * burst);
    expect(new Set(client.refusals.map(({ code }) => code))).toEqual(new Set(['rate-limited']));
    await witness.client.fact('peerLeft');
  });

  test('bytes: is refused under the id of its frame', async () => {
    const { client } = await fixture.member('room');
    const tiles = Array.from({ length: 50 }, (_, at) => ({
      peerId: `${at}`.padEnd(128, 'x') as PeerId,
      source: 'camera' as const,
      heightPx: 180,
      priority: 1,
    }));
    const refused: string[] = [];
    for (let at = 0; at < 100; at += 1) {
      void client.request({ case: 'view', value: { tiles, hears: true } }).catch((error) => refused.push(error.code));
    }
    await client.ping(); // small enough for what is left
    expect(new Set(refused)).toEqual(new Set(['rate-limited']));
    expect(refused.length).toBeLessThan(50);
  });

  test('WebSocket pings: is closed', async () => {
    const witness = await fixture.member('room');
    const { client } = await fixture.member('room');
    for (let at = 0; at < 2_000; at += 1) client.socket.ping();
    expect((await client.closed).said?.code).toBe('rate-limited');
    await witness.client.ping();
  });

  test('requests that wait: those too many are refused, the others carried out', async () => {
    const other = await SignalingFixture.open(sfu, { limits: { maxWaiting: 3 } });
    const client = await other.greeted('room');
    const joining = join(client, 'room');
    const close = { case: 'closeProducer', value: { producerId: 'none' as ProducerId } } as const;
    const codes = await Promise.all(
      Array.from({ length: 8 }, () => client.request(close).catch((error) => error.code as string)),
    );
    await joining;
    expect(codes.filter((code) => code === 'rate-limited')).toHaveLength(6);
    expect(codes.filter((code) => code === 'not-found')).toHaveLength(2);
    await client.ping();
    await other.close();
  });

  test('sources that begin and end: is refused more beginnings, and never an end', async () => {
    const limits = { publishes: { perSecond: 0.5, burst: 3 } };
    const other = await SignalingFixture.open(sfu, { limits });
    const { client } = await other.member('room');
    const value = { source: 'microphone', rtpParameters: opusRtpParameters(), paused: true } as const;
    const produce = async () => bodyOf(await client.request({ case: 'produce', value }), 'produce').producerId;
    const close = (producerId: ProducerId) => client.request({ case: 'closeProducer', value: { producerId } });
    for (let cycle = 0; cycle < 3; cycle += 1) await close(await produce());
    await expect(produce()).rejects.toMatchObject({ code: 'rate-limited', retryable: true });
    await close(await until('it may again', () => produce().catch(() => undefined)));
    await other.close();
  });

  test('muting and unmuting: is refused to unmute, and never to mute', async () => {
    const limits = { unmutes: { perSecond: 0.001, burst: 2 } };
    const other = await SignalingFixture.open(sfu, { limits });
    const { client } = await other.member('room');
    const sent = { source: 'microphone', rtpParameters: opusRtpParameters(), paused: true } as const;
    const { producerId } = bodyOf(await client.request({ case: 'produce', value: sent }), 'produce');
    const set = (paused: boolean) => client.request({ case: 'setProducerPaused', value: { producerId, paused } });
    for (let cycle = 0; cycle < 2; cycle += 1) {
      await set(false);
      await set(true);
    }
    await expect(set(false)).rejects.toMatchObject({ code: 'rate-limited', retryable: true });
    await set(true);
    await other.close();
  });

  test('empty fragments of a message that never ends cost the others nothing', async () => {
    const witness = await fixture.member('room');
    const { client } = await fixture.member('room');
    for (let at = 0; at < 20_000; at += 1) client.socket.send('', { binary: true, fin: false });
    await witness.client.ping();
    expect(fixture.server.sessions).toBe(2);
  });

  test('fragments that add up to more than a frame may be end the connection', async () => {
    const { client } = await fixture.member('room');
    const part = new Uint8Array(64 * 1024);
    for (let at = 0; at < 9; at += 1) client.socket.send(part, { binary: true, fin: false });
    expect((await client.closed).closeCode).toBe(1006);
  });

  test('sockets that open and close all the time leave nothing', async () => {
    const witness = await fixture.member('room');
    for (let at = 0; at < 200; at += 1) (await fixture.connect()).cut();
    await witness.client.ping();
    expect(await fixture.count('socketsOpened')).toBeGreaterThanOrEqual(200);
  });
});

describe('a client that reads too little', () => {
  test('is closed too-slow, while the others miss nothing', async () => {
    const tells: ((fact: PeerFact) => void)[] = [];
    const overheard: Pick<Sfu, 'join' | 'routerRtpCapabilities'> = {
      routerRtpCapabilities: sfu.routerRtpCapabilities,
      join(request) {
        tells.push(request.tell);
        return sfu.join(request);
      },
    };
    const other = await SignalingFixture.open(sfu, { sfu: overheard });
    const slow = await other.member('room');
    const witness = await other.member('room');
    await slow.client.fact('peerJoined');
    slow.client.pause();

    let told = 0;
    while (other.server.sessions === 2) {
      const peerIds = Array.from({ length: 500 }, (_, at) => `peer-${told}-${at}` as PeerId);
      const fact: PeerFact = { case: 'speakersChanged', value: { peerIds } };
      for (const tell of tells) tell(fact);
      told += 1;
      expect(told).toBeLessThan(10_000);
      await turn();
    }
    await witness.client.fact('peerLeft', ({ peerId }) => peerId === slow.peerId);
    expect(witness.client.facts.filter((fact) => fact.case === 'speakersChanged')).toHaveLength(told);
    expect(witness.client.seqs).toEqual(witness.client.seqs.map((_, at) => at + 1));
    expect(await other.count('sessionsClosed', 'too-slow')).toBe(1);
    expect(sfu.load.peers).toBe(1);

    slow.client.resume();
    expect(await slow.client.closed).toMatchObject({ closeCode: 4021, said: { code: 'too-slow', retryable: true } });
    expect(slow.client.seqs).toEqual(slow.client.seqs.map((_, at) => at + 1));
    await other.close();
  });
});
