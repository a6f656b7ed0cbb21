import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PeerId } from '../../src/base/index.ts';
import type { Sfu } from '../../src/sfu/index.ts';
import { openSfu } from '../support/open-sfu.ts';
import { opusRtpParameters } from '../support/rtp-fixtures.ts';
import type { SignalingClient } from '../support/signaling-client.ts';
import { until } from '../support/until.ts';
import { join, SignalingFixture } from './signaling-fixture.ts';

let sfu: Sfu;
let fixture: SignalingFixture;

beforeAll(async () => {
  sfu = await openSfu();
  fixture = await SignalingFixture.open(sfu);
});
afterEach(async () => {
  await fixture.clear();
  expect(fixture.server.doors).toBe(0);
});
afterAll(async () => {
  await fixture.close();
  sfu.close();
});

const code = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'done',
    (error) => error.code ?? error.message,
  );
const remove = (client: SignalingClient, peerId: PeerId) => client.request({ case: 'removePeer', value: { peerId } });
const lock = (client: SignalingClient, locked: boolean) => client.request({ case: 'setLocked', value: { locked } });

const ANN = { user: 'ann', device: 'phone' };
const BOB = { user: 'bob', device: 'phone' };

describe('removing', () => {
  test('ends the session with its reason, tells the others that it left, and lets nothing of it stay', async () => {
    const ann = await fixture.member('room', ANN);
    const bob = await fixture.member('room', BOB);
    const cleo = await fixture.member('room');
    await bob.client.request({
      case: 'produce',
      value: { source: 'microphone', rtpParameters: opusRtpParameters(), paused: false },
    });
    const before = sfu.load;
    const askedMs = performance.now();
    expect(await code(remove(ann.client, bob.peerId))).toBe('done');
    const { closeCode, said } = await bob.client.closed;
    expect([closeCode, said?.code, said?.retryable]).toEqual([4042, 'removed', false]);
    for (const { client } of [ann, cleo]) expect(await client.fact('peerLeft')).toEqual({ peerId: bob.peerId });
    expect(sfu.load.producers).toBe(before.producers - 1); // nothing is forwarded from it, nor to it
    expect(sfu.load.transports).toBe(before.transports - 2);
    expect(performance.now() - askedMs).toBeLessThan(1_000);
    expect(await fixture.count('sessionsClosed', 'removed')).toBe(1);
  });

  test('bars user and device from that room while it lives, whatever token it brings', async () => {
    const ann = await fixture.member('room', ANN);
    const bob = await fixture.member('room', BOB);
    await remove(ann.client, bob.peerId);
    await bob.client.closed;
    const again = await fixture.greeted('room', BOB);
    expect(await code(join(again, 'room'))).toBe('removed');
    expect(await code(join(await fixture.greeted('room', { ...BOB, device: 'laptop' }), 'room'))).toBe('done');
    expect(await code(join(await fixture.greeted('other', BOB), 'other'))).toBe('done');
    await fixture.clear();
    expect(await code(join(await fixture.greeted('room', BOB), 'room'))).toBe('done'); // another call
  });

  test('reaches who is away: it is told when it resumes', async () => {
    const ann = await fixture.member('room', ANN);
    const bob = await fixture.member('room', BOB);
    const { resumption } = bob.client;
    bob.client.cut();
    await until('Bob is away', () => fixture.server.detachedSessions === 1);
    await remove(ann.client, bob.peerId);
    const back = await fixture.connect();
    expect(await code(back.goOn(resumption, 1))).toBe('removed');
  });

  test('S7: is refused to who has no right, however often they try, and counted', async () => {
    const ann = await fixture.member('room', ANN);
    const eve = await fixture.member('room', { user: 'eve', moderator: false });
    expect([ann.moderator, eve.moderator]).toEqual([true, false]);
    expect(eve.peers[0]?.moderator).toBe(true);
    const before = await fixture.count('refusals', 'forbidden');
    for (let tries = 0; tries < 3; tries += 1) expect(await code(remove(eve.client, ann.peerId))).toBe('forbidden');
    expect(await code(lock(eve.client, true))).toBe('forbidden');
    expect((await fixture.count('refusals', 'forbidden')) - before).toBe(4);
    await ann.client.ping();
    expect(ann.client.facts.map((fact) => fact.case)).toEqual(['peerJoined']);
    for (let tries = 0; tries < 30; tries += 1) eve.client.say({ case: 'setLocked', value: { locked: true } });
    await until('too many tries are refused for that', () =>
      eve.client.refusals.some((refusal) => refusal.code === 'rate-limited'),
    );
  });

  test('names nobody outside the room, and not oneself', async () => {
    const ann = await fixture.member('room', ANN);
    const afar = await fixture.member('other');
    expect(await code(remove(ann.client, afar.peerId))).toBe('not-found');
    expect(await code(remove(ann.client, ann.peerId))).toBe('forbidden');
    expect(await code(remove(await fixture.greeted('room'), ann.peerId))).toBe('out-of-order');
  });
});

describe('locking', () => {
  test('keeps newcomers out, says so to everybody, and lets back in who was there', async () => {
    const ann = await fixture.member('room', ANN);
    const bob = await fixture.member('room', BOB);
    expect([ann.locked, bob.locked]).toEqual([false, false]);
    await lock(ann.client, true);
    for (const { client } of [ann, bob])
      expect(await client.fact('roomLocked')).toEqual({ locked: true, by: ann.peerId });
    const late = await fixture.greeted('room');
    const refused = await join(late, 'room').catch((error) => error);
    expect([refused.code, refused.retryable]).toEqual(['room-locked', true]);
    const back = await fixture.member('room', BOB); // its page was loaded again
    expect(back.locked).toBe(true);
    await lock(back.client, false);
    expect(await ann.client.fact('roomLocked', ({ locked }) => !locked)).toEqual({ locked: false, by: back.peerId });
    expect(await code(join(late, 'room'))).toBe('done');
  });
});
