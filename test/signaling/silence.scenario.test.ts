import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sfu } from '../../src/sfu/index.ts';
import { SIGNALING_LIMITS } from '../../src/signaling/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openSfu } from '../support/open-sfu.ts';
import { isEmpty, join, SignalingFixture } from './signaling-fixture.ts';

let sfu: Sfu;

beforeAll(async () => {
  sfu = await openSfu();
});
afterAll(() => sfu.close());

async function open() {
  const clock = new FakeClock();
  return { clock, fixture: await SignalingFixture.open(sfu, { clock }) };
}

describe('silence', () => {
  test('a socket that says no Hello in 5 s is closed', async () => {
    const { clock, fixture } = await open();
    const client = await fixture.connect();
    const other = await fixture.greeted('room');
    clock.advance(4_999);
    expect(fixture.server.sockets).toBe(2);
    clock.advance(1);
    expect(await client.closed).toMatchObject({
      closeCode: 4030,
      said: { code: 'hello-timeout', message: 'no Hello in 5000 ms', retryable: true },
    });
    await other.ping();
    await fixture.close();
  });

  test('frames that are refused and pings do not put off the Hello', async () => {
    const { clock, fixture } = await open();
    const client = await fixture.connect();
    const witness = await fixture.member('room');
    for (let second = 0; second < 5; second += 1) {
      if (second < SIGNALING_LIMITS.maxBadFrames - 1) await expect(client.ping()).rejects.toThrow('out-of-order');
      const ponged = once(client.socket, 'pong');
      client.socket.ping();
      await ponged;
      await witness.client.ping();
      clock.advance(1_000);
    }
    expect(await client.closed).toMatchObject({ closeCode: 4030, said: { code: 'hello-timeout' } });
    await witness.client.ping();
    await fixture.close();
  });

  test('a half-open socket is freed within 20 s, and 30 s after its last sign its peer leaves', async () => {
    const { clock, fixture } = await open();
    const client = await fixture.connect({ autoPong: false });
    await client.hello(await fixture.token('room'));
    const { peerId } = await join(client, 'room');
    const witness = await fixture.member('room');
    const pass = async (ms: number) => {
      clock.advance(ms);
      await witness.client.ping();
    };
    for (let round = 0; round < 4; round += 1) await pass(5_000);
    expect((await client.closed).closeCode).toBe(4031);
    expect([fixture.server.sockets, fixture.server.sessions, fixture.server.detachedSessions]).toEqual([1, 2, 1]);
    for (const ms of [5_000, 4_000]) await pass(ms);
    expect(fixture.server.sessions).toBe(2);
    await pass(2_000);
    expect(fixture.server.sessions).toBe(1);
    await witness.client.fact('peerLeft', (left) => left.peerId === peerId);
    await fixture.close();
  });

  test('a half-open socket of nobody in a room is freed within 20 s, and its session with it', async () => {
    const { clock, fixture } = await open();
    const client = await fixture.connect({ autoPong: false });
    await client.hello(await fixture.token('room'));
    const witness = await fixture.member('room');
    for (let round = 0; round < 4; round += 1) {
      clock.advance(5_000);
      await witness.client.ping();
    }
    expect(await client.closed).toMatchObject({ closeCode: 4031, said: { code: 'idle-timeout' } });
    expect(fixture.server.sessions).toBe(1);
    await fixture.close();
  });

  test('a page that sleeps lives by the pongs of its browser', async () => {
    const { clock, fixture } = await open();
    const sleeper = await fixture.greeted('room');
    const witness = await fixture.greeted('room');
    for (let round = 0; round < 12; round += 1) {
      const pinged = once(sleeper.socket, 'ping');
      clock.advance(5_000);
      await pinged;
      await witness.ping();
      await witness.ping(); // the pong was written before: by the second answer the server has read it
    }
    expect(fixture.server.sessions).toBe(2);
    await fixture.close();
  });

  test('a message that never ends is silence', async () => {
    const { clock, fixture } = await open();
    const client = await fixture.connect({ autoPong: false });
    await client.hello(await fixture.token('room'));
    for (let round = 0; round < 4; round += 1) {
      client.socket.send('', { binary: true, fin: false });
      clock.advance(5_000);
    }
    expect((await client.closed).said?.code).toBe('idle-timeout');
    await fixture.close();
  });

  test('no timer outlives its session', async () => {
    const { clock, fixture } = await open();
    await fixture.member('room');
    expect(clock.pending).toBeGreaterThan(0);
    await fixture.clear();
    expect(clock.pending).toBe(0);
    expect(isEmpty(sfu)).toBe(true);
    await fixture.close();
  });
});
