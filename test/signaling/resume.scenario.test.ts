import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ConsumerId, PeerId, ProducerId } from '../../src/base/index.ts';
import type { PeerFact, Sfu } from '../../src/sfu/index.ts';
import { encodeClientFrame } from '../../src/wire/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openSfu } from '../support/open-sfu.ts';
import type { SignalingClient } from '../support/signaling-client.ts';
import { until } from '../support/until.ts';
import { join, SignalingFixture } from './signaling-fixture.ts';

let sfu: Sfu;
let fixture: SignalingFixture;

/** Tells the peers of `fixture`, in the order in which they joined. */
const tells: ((fact: PeerFact) => void)[] = [];

beforeAll(async () => {
  sfu = await openSfu();
  const overheard: Pick<Sfu, 'join' | 'routerRtpCapabilities'> = {
    routerRtpCapabilities: sfu.routerRtpCapabilities,
    join(request) {
      tells.push(request.tell);
      return sfu.join(request);
    },
  };
  fixture = await SignalingFixture.open(sfu, { sfu: overheard });
});
afterEach(async () => {
  tells.length = 0;
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

const speaking = (name: string): PeerFact => ({ case: 'speakersChanged', value: { peerIds: [name as PeerId] } });
const closeProducer = { case: 'closeProducer', value: { producerId: 'none' as ProducerId } } as const;
const heard = ({ facts }: SignalingClient) =>
  facts.flatMap((fact) => (fact.case === 'speakersChanged' ? fact.value.peerIds : []));
const away = (count: number, of = fixture) => until(`${count} away`, () => of.server.detachedSessions === count);

/** A member whose socket was cut, and the others' witness. */
async function cutMember() {
  const witness = await fixture.member('room');
  const { client, peerId } = await fixture.member('room');
  await client.ping();
  client.cut();
  await away(1);
  return { witness, peerId, gone: client, lastSeq: client.seqs.at(-1) ?? 0, resumption: client.resumption };
}

describe('a session whose socket was lost', () => {
  test('goes on over another: what was told meanwhile follows, numbered on, and nobody else notices', async () => {
    const { witness, resumption, lastSeq } = await cutMember();
    for (const name of ['a', 'b', 'c']) tells[1]?.(speaking(name));
    const next = await fixture.connect();
    await next.goOn(resumption, lastSeq);
    await next.ping();
    tells[1]?.(speaking('d'));
    await next.fact('speakersChanged', ({ peerIds }) => peerIds[0] === ('d' as PeerId));
    expect(heard(next)).toEqual(['a', 'b', 'c', 'd']);
    expect(next.seqs).toEqual(next.seqs.map((_, at) => lastSeq + 1 + at));
    await witness.client.ping();
    expect(witness.client.facts.map((fact) => fact.case)).toEqual(['peerJoined']);
    expect([fixture.server.sessions, fixture.server.detachedSessions, sfu.load.peers]).toEqual([2, 0, 2]);
  });

  test('says which frames it has, and answers those again whose answers were lost', async () => {
    const { client } = await fixture.member('room');
    const asked = client.say(closeProducer);
    client.pause(); // the answer does not arrive
    await until('it was carried out', async () => (await fixture.count('refusals', 'not-found')) >= 1);
    const lastSeq = client.seqs.at(-1) ?? 0;
    client.cut();
    await away(1);
    const next = await fixture.connect();
    expect(await next.goOn(client.resumption, lastSeq)).toEqual({ lastId: asked });
    await until('the answer', () => next.refusals.length === 1);
    expect(next.refusals[0]?.code).toBe('not-found');
    expect(await fixture.count('refusals', 'not-found')).toBe(1);
  });

  test('is told only what was not acknowledged', async () => {
    const { client } = await fixture.member('room');
    tells[0]?.(speaking('a'));
    await client.fact('speakersChanged');
    await client.ping(); // acknowledges
    const lastSeq = client.seqs.at(-1) ?? 0;
    client.cut();
    await away(1);
    const next = await fixture.connect();
    expect(await code(next.goOn(client.resumption, 0))).toBe('resume-refused');
    await next.goOn(client.resumption, lastSeq);
    await next.ping();
    expect(heard(next)).toEqual([]);
  });

  test('is taken over from a socket that only looks open, which is closed without a word', async () => {
    const { client } = await fixture.member('room');
    const next = await fixture.connect();
    await next.goOn(client.resumption, client.seqs.at(-1) ?? 0);
    expect(await client.closed).toMatchObject({ closeCode: 4041, closeReason: 'resumed', said: undefined });
    await next.ping();
    expect(fixture.server.sessions).toBe(1);
    expect(sfu.load.peers).toBe(1);
  });

  test('may be lost again and again', async () => {
    const { resumption, lastSeq } = await cutMember();
    let seq = lastSeq;
    for (let round = 0; round < 5; round += 1) {
      if (round > 0) await away(1);
      const next = await fixture.connect();
      await next.goOn(resumption, seq);
      tells[1]?.(speaking(`${round}`));
      await next.fact('speakersChanged', ({ peerIds }) => peerIds[0] === (`${round}` as PeerId));
      seq = next.seqs.at(-1) ?? 0;
      if (round < 4) next.cut();
    }
    expect(await fixture.count('sessionsResumed')).toBeGreaterThanOrEqual(5);
  });
});

describe('a session that is gone', () => {
  test('left by its client with a close frame: its peer leaves at once', async () => {
    const witness = await fixture.member('room');
    const { client } = await fixture.member('room');
    await client.close();
    await witness.client.fact('peerLeft');
    const next = await fixture.connect();
    expect(await code(next.goOn(client.resumption, 0))).toBe('resume-refused');
  });

  test('was in no room: a new Hello would give the same', async () => {
    const client = await fixture.greeted('room');
    client.cut();
    await until('it is gone', () => fixture.server.sessions === 0);
  });

  test('stayed away for 30 s', async () => {
    const clock = new FakeClock();
    const other = await SignalingFixture.open(sfu, { clock });
    const [late, early] = [await other.member('room'), await other.member('room')];
    for (const { client } of [late, early]) {
      await client.ping();
      client.cut();
    }
    await away(2, other);
    clock.advance(29_999);
    const next = await other.connect();
    await next.goOn(early.client.resumption, early.client.seqs.at(-1) ?? 0);
    clock.advance(1);
    await next.fact('peerLeft', ({ peerId }) => peerId === late.peerId);
    expect(await code((await other.connect()).goOn(late.client.resumption, 0))).toBe('resume-refused');
    await next.close();
    await until('all is gone', () => other.server.sessions === 0);
    await other.close();
  });

  test('was replaced by the same device while away', async () => {
    const bob = await fixture.member('room', { user: 'bob' });
    const phone = await fixture.member('room', { user: 'ann', device: 'phone' });
    phone.client.cut();
    await away(1);
    await fixture.member('room', { user: 'ann', device: 'phone' });
    await bob.client.fact('peerLeft', ({ peerId }) => peerId === phone.peerId);
    expect(fixture.server.sessions).toBe(2);
    const { resumption } = phone.client;
    const outcome = (await fixture.connect()).goOn(resumption, 0);
    await expect(outcome).rejects.toMatchObject({ code: 'replaced', retryable: false });
    const secret = resumption.secret.map((byte) => byte ^ 1);
    expect(await code((await fixture.connect()).goOn({ ...resumption, secret }, 0))).toBe('resume-refused');
  });

  test('missed more than is kept: its peer leaves, for it cannot come back', async () => {
    const { witness, peerId } = await cutMember();
    const peerIds = Array.from({ length: 500 }, (_, at) => `${at}`.padEnd(100, 'x') as PeerId);
    for (let told = 0; fixture.server.detachedSessions === 1; told += 1) {
      expect(told).toBeLessThan(100);
      tells[1]?.({ case: 'speakersChanged', value: { peerIds } });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await witness.client.fact('peerLeft', (left) => left.peerId === peerId);
  });

  test('ends with its server', async () => {
    const other = await SignalingFixture.open(sfu);
    const { client } = await other.member('room');
    client.cut();
    await away(1, other);
    other.server.close();
    expect(other.server.sessions).toBe(0);
    await until('its peer is gone', () => sfu.load.peers === 0);
  });
});

describe('a resume that is refused', () => {
  test.each<[string, (right: SignalingClient['resumption']) => SignalingClient['resumption'], number]>([
    ['of a session that never was', (right) => ({ ...right, sessionId: 'x'.repeat(22) as never }), 0],
    ['with another secret', (right) => ({ ...right, secret: right.secret.map((byte) => byte ^ 1) }), 0],
    ['of frames that were never sent', (right) => right, 1_000],
  ])('%s: no word more, and a token may follow on the same socket', async (_what, change, ahead) => {
    const { resumption, lastSeq } = await cutMember();
    const next = await fixture.connect();
    const outcome = next.goOn(change(resumption), lastSeq + ahead);
    await expect(outcome).rejects.toThrow(/^resume-refused: no session to resume: say Hello with a token$/);
    await next.hello(await fixture.token('room'));
    await next.ping();
    await (await fixture.connect()).goOn(resumption, lastSeq);
  });

  test('three times closes the socket: guessing is not free', async () => {
    const { resumption, lastSeq } = await cutMember();
    const guesser = await fixture.connect();
    for (let guess = 0; guess < 3; guess += 1) {
      const secret = crypto.getRandomValues(new Uint8Array(32));
      expect(await code(guesser.goOn({ ...resumption, secret }, 0))).toBe('resume-refused');
    }
    expect(await guesser.closed).toMatchObject({ closeCode: 4004, said: { code: 'resume-refused', retryable: false } });
    await (await fixture.connect()).goOn(resumption, lastSeq); // whose it is still may
  });

  test('because it happens all the time may be tried again later', async () => {
    const other = await SignalingFixture.open(sfu, { limits: { resumes: { perSecond: 0.001, burst: 2 } } });
    const { client } = await other.member('room');
    const lastSeq = client.seqs.at(-1) ?? 0;
    for (let time = 0; time < 2; time += 1) await (await other.connect()).goOn(client.resumption, lastSeq);
    await expect((await other.connect()).goOn(client.resumption, lastSeq)).rejects.toMatchObject({
      code: 'rate-limited',
      retryable: true,
    });
    expect(other.server.sessions).toBe(1);
    await other.close();
  });

  test('on a socket that has a session: out of order', async () => {
    const { resumption, lastSeq } = await cutMember();
    const other = await fixture.greeted('elsewhere');
    expect(await code(other.goOn(resumption, lastSeq))).toBe('out-of-order');
    await (await fixture.connect()).goOn(resumption, lastSeq);
    await other.ping();
  });
});

test('an acknowledgement of what was never sent is malformed', async () => {
  const { client } = await fixture.member('room');
  const frame = { case: 'consumerReady', value: { consumerId: 'none' as ConsumerId } } as const;
  expect(await code(client.requestRaw(encodeClientFrame(50, frame, 999), 50))).toBe('malformed');
  await join(await fixture.greeted('room'), 'room');
});
