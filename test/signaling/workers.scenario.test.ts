import { afterEach, describe, expect, test } from 'vitest';
import type { Sfu, SfuOptions } from '../../src/sfu/index.ts';
import type { AnyRtpParameters } from '../../src/wire/index.ts';
import { openSfu, ROOMY } from '../support/open-sfu.ts';
import { opusRtpParameters } from '../support/rtp-fixtures.ts';
import { bodyOf, type SignalingClient } from '../support/signaling-client.ts';
import { until } from '../support/until.ts';
import { WorkerObjects } from '../support/worker-objects.ts';
import { join, SignalingFixture } from './signaling-fixture.ts';

const objects = new WorkerObjects();
let sfu: Sfu;
let fixture: SignalingFixture;
afterEach(() => {
  fixture.server.close();
  sfu.close();
});

async function open(options?: Partial<SfuOptions>): Promise<void> {
  sfu = await openSfu(options);
  fixture = await SignalingFixture.open(sfu);
}

async function produce(client: SignalingClient, mid: string) {
  const rtpParameters = opusRtpParameters(mid) as AnyRtpParameters;
  const value = { source: 'microphone' as const, rtpParameters, paused: false };
  return bodyOf(await client.request({ case: 'produce', value }), 'produce').producerId;
}

describe('over signaling', () => {
  test('who is moved keeps session, room and producer ids, and goes on; a listener is moved without a way to send', async () => {
    await open();
    const ann = await fixture.member('room');
    const lis = await fixture.member('room', { role: 'listener' });
    expect(lis.sendTransport).toBeUndefined();
    expect(lis.peers[0]).toMatchObject({ id: ann.peerId, role: 'speaker' });
    const microphone = await produce(ann.client, '0');
    process.kill(objects.workers.at(-1)?.pid ?? Number.NaN, 'SIGKILL');

    const [annMoved, lisMoved] = await Promise.all([ann.client.fact('mediaMoved'), lis.client.fact('mediaMoved')]);
    expect(annMoved.sendTransport?.id).toEqual(expect.any(String));
    expect(annMoved.sendTransport?.id).not.toBe(ann.sendTransport?.id);
    expect(lisMoved.sendTransport).toBeUndefined();
    expect(lisMoved.recvTransport.id).not.toBe(lis.recvTransport.id);

    expect(await produce(ann.client, '1')).toBe(microphone);
    lis.client.say({ case: 'view', value: { tiles: [], hears: true } });
    expect(await lis.client.fact('consumerOpened')).toMatchObject({ producerId: microphone, peerId: ann.peerId });
    expect(ann.client.facts.map((fact) => fact.case)).toEqual(['peerJoined', 'mediaMoved']);
    await ann.client.request({ case: 'leave', value: {} });
    await until('the listener is told', () => lis.client.facts.some((fact) => fact.case === 'peerLeft'));
  });

  test('a new room on a full server is refused with the next one', async () => {
    const nextServer = 'https://other.example/';
    await open({ nextServer, limits: { ...ROOMY, maxRooms: 1 } });
    await fixture.member('room');
    const late = await fixture.greeted('other');
    await expect(join(late, 'other')).rejects.toMatchObject({ code: 'server-full', retryable: true, nextServer });
    await fixture.member('room');
  });
});
