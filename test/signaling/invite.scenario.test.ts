import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLog, systemClock, type UserId } from '../../src/base/index.ts';
import { Webhook } from '../../src/ops/index.ts';
import type { Sfu } from '../../src/sfu/index.ts';
import { openSfu } from '../support/open-sfu.ts';
import { bodyOf, type SignalingClient } from '../support/signaling-client.ts';
import { until } from '../support/until.ts';
import { WebhookBackend } from '../support/webhook-backend.ts';
import { SignalingFixture } from './signaling-fixture.ts';

let sfu: Sfu;
let backend: WebhookBackend;
let fixture: SignalingFixture;

beforeAll(async () => {
  sfu = await openSfu();
});
beforeEach(async () => {
  backend = await WebhookBackend.open();
  const { url, key } = backend;
  const webhook = new Webhook({ url, key, clock: systemClock, log: silentLog, answerLimitMs: 1_000 });
  fixture = await SignalingFixture.open(sfu, { webhook });
});
afterEach(async () => {
  await fixture.close();
  await backend.close();
});
afterAll(() => sfu.close());

const invite = (client: SignalingClient, user = 'bob') =>
  client.request({ case: 'invite', value: { userId: user as UserId } });

/** Somebody in the room, with its keys. */
async function founder(room: string, user = 'ann'): Promise<SignalingClient> {
  const { client } = await fixture.member(room, { user });
  await client.request({ case: 'offerKeyPackage', value: { keyPackage: new Uint8Array([1]) } });
  await client.fact('groupWanted');
  client.say({ case: 'epochReached', value: { epoch: 0 } });
  await client.fact('epochReady');
  return client;
}

describe('an invite', () => {
  test('is done when the backend has taken it: who asks, who is asked and where, and nothing else', async () => {
    const ann = await founder('room');
    bodyOf(await invite(ann), 'done');
    const [event] = backend.taken;
    expect(event && backend.believes(event)).toBe(true);
    expect(JSON.parse(event?.body ?? '').data).toEqual({ room: 'room', from: 'ann', to: 'bob' });
  });

  test('is refused as unavailable when the backend does not take it, or is not there', async () => {
    const ann = await founder('room');
    backend.answer = (_, response) => void response.writeHead(403).end();
    await expect(invite(ann)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    const bare = await SignalingFixture.open(sfu);
    const { client } = await bare.member('room', { user: 'ann' });
    await expect(invite(client)).rejects.toMatchObject({ code: 'out-of-order' });
    await bare.close();
  });

  test('is for members: strangers, listeners and those who wait to be let in ring nobody', async () => {
    const stranger = await fixture.greeted('room');
    await expect(invite(stranger)).rejects.toMatchObject({ code: 'out-of-order' });
    await founder('room');
    const { client: waiting } = await fixture.member('room', { user: 'eve' });
    await waiting.request({ case: 'offerKeyPackage', value: { keyPackage: new Uint8Array([2]) } });
    await expect(invite(waiting)).rejects.toMatchObject({ code: 'out-of-order' });
    const { client: listener } = await fixture.member('room', { user: 'lis', role: 'listener' });
    await expect(invite(listener)).rejects.toMatchObject({ code: 'forbidden' });
    expect(backend.taken).toEqual([]);
  });

  test('waits for a slow backend alone: everything else of the session goes on', async () => {
    const ann = await founder('room');
    let answer: () => void = () => undefined;
    backend.answer = (_, response) => {
      answer = () => response.writeHead(204).end();
    };
    const asked = invite(ann);
    await until('the backend was asked', () => backend.taken.length === 1);
    await ann.request({ case: 'leave', value: {} }); // carried out, and answered first
    answer();
    bodyOf(await asked, 'done');
  });

  test('is given up when the backend does not answer', async () => {
    const ann = await founder('room');
    backend.answer = () => undefined;
    await expect(invite(ann)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('and ten more at once are refused but for ten, and others are not disturbed', async () => {
    const ann = await founder('room');
    const other = await founder('other', 'bob');
    const codes = await Promise.all(
      Array.from({ length: 30 }, (_, each) =>
        invite(ann, `user-${each}`).then(
          () => 'done',
          ({ code }) => code,
        ),
      ),
    );
    expect(codes.filter((code) => code === 'done')).toHaveLength(10);
    expect(codes.filter((code) => code === 'rate-limited')).toHaveLength(20);
    expect(backend.taken).toHaveLength(10);
    bodyOf(await invite(other), 'done');
    await ann.ping();
  });

  test('answered after its session has closed disturbs nobody', async () => {
    const ann = await founder('room');
    let answer: () => void = () => undefined;
    backend.answer = (_, response) => {
      answer = () => response.writeHead(204).end();
    };
    invite(ann).catch(() => undefined);
    await until('the backend was asked', () => backend.taken.length === 1);
    await ann.close();
    await until('the session is gone', () => fixture.server.sessions === 0);
    answer();
    const bob = await founder('room', 'bob');
    await bob.ping();
  });
});
