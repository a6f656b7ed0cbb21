import { describe, expect, test } from 'vitest';
import type { ConsumerId, PeerId } from '../../src/base/index.ts';
import { SignalingLink } from '../../src/client/signaling-link.ts';
import type { SentClientMessage, ServerMessage } from '../../src/wire/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { FakeWebSocket, WELCOME } from './fake-web-socket.ts';

function open() {
  const clock = new FakeClock();
  const log = recordedLog();
  const webSockets: FakeWebSocket[] = [];
  const facts: ServerMessage[] = [];
  const asked: string[] = [];
  const told: string[] = [];
  const network = { isBack: (): void => undefined };
  const link = new SignalingLink('wss://calls.example/v1/signal', {
    openWebSocket: (url, subprotocol) => {
      asked.push(url, subprotocol);
      const webSocket = new FakeWebSocket();
      webSockets.push(webSocket);
      return webSocket;
    },
    clock,
    random: () => 0,
    whenOnline: (action) => {
      network.isBack = action;
      return () => {
        network.isBack = () => undefined;
      };
    },
    log,
    told: (fact) => facts.push(fact),
    dropped: () => told.push('dropped'),
    resumed: () => told.push('resumed'),
  });
  const [webSocket] = webSockets as [FakeWebSocket];
  return { clock, log, webSocket, webSockets, link, facts, asked, told, network };
}

/** One whose handshake is done. */
async function opened() {
  const all = open();
  all.webSocket.open();
  await all.link.opened;
  return all;
}

/** One whose Hello was answered. It had the id 1. */
async function greeted() {
  const all = await opened();
  const greeting = all.link.greet('token');
  all.webSocket.answer(1, { case: 'hello', value: WELCOME });
  await greeting;
  const last = () => all.webSockets.at(-1) as FakeWebSocket;
  /** Lets the next try reach the server, and answers it. */
  const resume = (lastId: number) => {
    all.clock.advance(0);
    last().seq = all.webSockets.reduce((most, { seq }) => Math.max(most, seq), 0);
    last().open();
    last().answer(last().last?.id ?? 0, { case: 'resumed', value: { lastId } });
  };
  return { ...all, last, resume };
}

const PING: SentClientMessage = { case: 'ping', value: {} };
const LEAVE: SentClientMessage = { case: 'leave', value: {} };
const DONE = { case: 'done', value: {} } as const;
const left = (peerId: string) => ({ case: 'peerLeft', value: { peerId: peerId as PeerId } }) as const;
const ready: SentClientMessage = { case: 'consumerReady', value: { consumerId: 'c1' as ConsumerId } };

const SPEAKING: SentClientMessage = { case: 'speaking', value: {} };
const NO_VIEW = { tiles: [], hears: true, neighbours: [] };
const tile = (heightPx: number) => ({ peerId: 'ada' as PeerId, source: 'camera', heightPx, priority: 100 }) as const;

describe('opening', () => {
  test('asks for the protocol, in binary', async () => {
    const { asked, webSocket } = await opened();
    expect(asked).toEqual(['wss://calls.example/v1/signal', 'conclave.v1']);
    expect(webSocket.binaryType).toBe('arraybuffer');
  });

  test('of a server that cannot be reached is unavailable', async () => {
    const { webSocket, link, clock } = open();
    webSocket.drop();
    await expect(link.opened).rejects.toMatchObject({ code: 'unavailable' });
    expect(clock.pending).toBe(0);
  });

  test('of a server that does not answer ends after ten seconds', async () => {
    const { webSocket, link, clock } = open();
    clock.advance(10_000);
    await expect(link.opened).rejects.toMatchObject({ code: 'unavailable' });
    expect([link.closed, webSocket.closed]).toEqual([true, true]);
  });
});

describe('a request', () => {
  test('is numbered from one and finds its own answer, in whatever order they come', async () => {
    const { webSocket, link, clock } = await opened();
    const restart = link.request({ case: 'restartIce', value: { direction: 'send' } }, 'restartIce');
    const ping = link.request(PING, 'done');
    expect(webSocket.sent.map(({ id, body }) => [id, body.case])).toEqual([
      [1, 'restartIce'],
      [2, 'ping'],
    ]);
    const iceParameters = { usernameFragment: 'abcd', password: 'x'.repeat(22), iceLite: true };
    webSocket.answer(2, DONE);
    webSocket.answer(1, { case: 'restartIce', value: { iceParameters } });
    expect(await ping).toEqual({});
    expect(await restart).toEqual({ iceParameters });
    expect(clock.pending).toBe(0);
  });

  test.each([
    ['room-full', true],
    ['wrong-room', false],
    ['newer-than-this', false],
  ])('that is refused throws the code %s; a retry may help: %s', async (code, retryable) => {
    const { webSocket, link } = await opened();
    const request = link.request(PING, 'done');
    webSocket.refuse(1, code);
    await expect(request).rejects.toMatchObject({ name: 'CallError', code, message: 'no', retryable });
    expect(link.closed).toBe(false);
  });

  test('with an answer of another kind ends the link, and fails', async () => {
    const { webSocket, link, clock } = await opened();
    const request = link.request(PING, 'done');
    webSocket.answer(1, left('ada'));
    await expect(request).rejects.toMatchObject({ code: 'malformed' });
    expect([link.closed, clock.pending]).toEqual([true, 0]);
  });

  test('that is not answered within ten seconds ends the link', async () => {
    const { webSocket, link, clock, log } = await opened();
    const request = link.request(LEAVE, 'done');
    clock.advance(9_999);
    expect(link.closed).toBe(false);
    clock.advance(1);
    await expect(request).rejects.toMatchObject({ code: 'unavailable' });
    expect(webSocket.closed).toBe(true);
    expect(log.lines).toEqual([{ event: 'server silent', fields: { reason: 'leave' } }]);
  });

  test('under way when the socket closes is unavailable, and so is the end', async () => {
    const { webSocket, link, clock } = await opened();
    const requests = [link.request(PING, 'done'), link.request(LEAVE, 'done')];
    webSocket.drop();
    for (const request of requests) await expect(request).rejects.toMatchObject({ code: 'unavailable' });
    expect(await link.ended).toMatchObject({ code: 'unavailable', retryable: true });
    expect(clock.pending).toBe(0);
  });

  test('that cannot be written fails alone', async () => {
    const { link, clock } = await opened();
    const unwritable = { case: 'hello', value: null } as unknown as SentClientMessage;
    await expect(link.request(unwritable, 'hello')).rejects.toThrow();
    expect([link.closed, clock.pending]).toEqual([false, 0]);
  });

  test('an answer to nobody is passed over', async () => {
    const { webSocket, link, log } = await opened();
    webSocket.answer(99, DONE);
    expect([link.closed, log.lines.length]).toEqual([false, 0]);
  });
});

describe('an intent', () => {
  test('waits for nothing; a refusal is logged', async () => {
    const { webSocket, link, clock, log } = await opened();
    link.intend(ready);
    expect(webSocket.last).toEqual({ id: 1, ack: 0, body: ready });
    expect(clock.pending).toBe(0);
    webSocket.refuse(1, 'not-found');
    expect(log.lines).toEqual([{ event: 'intent refused', fields: { code: 'not-found' } }]);
    expect(link.closed).toBe(false);
  });
});

describe('facts', () => {
  test('are told in order', async () => {
    const { webSocket, facts } = await opened();
    webSocket.fact(1, left('ada'));
    webSocket.fact(2, left('bob'));
    expect(facts).toEqual([left('ada'), left('bob')]);
  });

  test.each([
    ['missing', 2],
    ['twice', 0],
  ])('a number that is %s ends the link; joining again brings the whole roster', async (_, skip) => {
    const { webSocket, link, facts } = await opened();
    webSocket.fact(1, left('ada'));
    webSocket.fact(1 + skip, left('bob'));
    expect(facts).toHaveLength(1);
    expect(await link.ended).toMatchObject({ code: 'unavailable', retryable: true });
  });

  test('of a kind that is not known yet count and are passed over', async () => {
    const { webSocket, link, facts } = await opened();
    webSocket.deliver(Uint8Array.of(0x10, 1, 0xfa, 0x3f, 0).buffer); // seq 1, field 1023
    webSocket.fact(2, left('ada'));
    expect([link.closed, facts.length]).toEqual([false, 1]);
  });

  test('that the session closes ends the link with the reason', async () => {
    const { webSocket, link, facts } = await opened();
    webSocket.fact(1, { case: 'sessionClosing', value: { code: 'replaced', message: 'newer', retryable: false } });
    expect(await link.ended).toMatchObject({ code: 'replaced', message: 'newer', retryable: false });
    expect(facts).toEqual([]);
  });
});

describe('what is not a frame', () => {
  test.each<[string, unknown]>([
    ['text', '{"case":"done"}'],
    ['bytes of something else', Uint8Array.of(0xff, 0xff, 0xff).buffer],
    ['a field that is off', Uint8Array.of(0x10, 1, 0xa2, 1, 0).buffer],
  ])('%s ends the link for good', async (_, payload) => {
    const { webSocket, link, log } = await opened();
    const request = link.request(PING, 'done');
    webSocket.deliver(payload);
    await expect(request).rejects.toMatchObject({ code: 'malformed', retryable: false });
    expect(link.closed).toBe(true);
    expect(log.lines.map(({ event }) => event)).toEqual(['server frame refused']);
  });
});

describe('keeping alive', () => {
  test('pings every five seconds, or as often as the server needs, and never more than once a second', async () => {
    for (const [idleTimeoutMs, periodMs] of [
      [30_000, 5_000],
      [6_000, 2_000],
      [300, 1_000],
    ] as const) {
      const { webSocket, link, clock } = await opened();
      const greeting = link.greet('token');
      webSocket.answer(1, { case: 'hello', value: { ...WELCOME, idleTimeoutMs } });
      await greeting;
      clock.advance(periodMs - 1);
      expect(webSocket.sent).toHaveLength(1);
      clock.advance(1);
      webSocket.answer(2, DONE);
      clock.advance(periodMs);
      expect(webSocket.sent.map(({ body }) => body.case)).toEqual(['hello', 'ping', 'ping']);
    }
  });

  test('a ping that nothing follows for four seconds finds the socket dead: within ten of the last sign', async () => {
    const { webSocket, clock, told } = await greeted();
    clock.advance(8_999);
    expect(told).toEqual([]);
    clock.advance(1);
    expect([told, webSocket.closeCode]).toEqual([['dropped'], 4000]);
  });

  test('anything that comes is a sign of life', async () => {
    const { webSocket, clock, told } = await greeted();
    for (let seq = 1; seq < 10; seq += 1) {
      clock.advance(5_000);
      webSocket.fact(seq, left('ada'));
    }
    expect(told).toEqual([]);
  });

  test('what was received is acknowledged with whatever is sent, and by a ping when it is much', async () => {
    const { webSocket, link } = await greeted();
    webSocket.fact(1, left('ada'));
    link.intend(ready);
    expect(webSocket.last).toMatchObject({ ack: 1, body: ready });
    const speakers = { case: 'speakersChanged', value: { peerIds: Array(500).fill('x'.repeat(100)) } } as const;
    webSocket.fact(2, speakers);
    expect(webSocket.last?.body).toEqual(ready);
    webSocket.fact(3, speakers);
    expect(webSocket.last).toMatchObject({ ack: 3, body: PING });
  });
});

describe('a socket that is lost', () => {
  test('is followed by another at once, on which the session goes on', async () => {
    const { webSocket, last, clock, told, link, asked } = await greeted();
    webSocket.fact(1, left('ada'));
    webSocket.drop();
    expect([told, link.closed]).toEqual([['dropped'], false]);
    clock.advance(0);
    expect(asked).toHaveLength(4);
    last().open();
    const resume = { sessionId: WELCOME.sessionId, secret: WELCOME.resumeSecret, lastSeq: 1 };
    expect(last().last).toMatchObject({ id: 2, body: { case: 'hello', value: { resume } } });
    last().answer(2, { case: 'resumed', value: { lastId: 1 } });
    expect([told, link.awaySinceMs]).toEqual([['dropped', 'resumed'], undefined]);
    last().fact(2, left('bob'));
    link.intend(ready);
    expect(last().last).toMatchObject({ id: 3, ack: 2, body: ready });
  });

  test('what the server does not have is said again, in order, and nothing else', async () => {
    const { webSocket, last, link, resume } = await greeted();
    const answered = link.request(LEAVE, 'done');
    webSocket.answer(2, DONE);
    await answered;
    link.intend(ready); // 3: arrives
    const lost = link.request(LEAVE, 'done'); // 4: does not
    webSocket.drop();
    const late = link.request(PING, 'done'); // 5: said while away
    resume(3);
    expect(last().sent.map(({ id, body }) => [id, body.case])).toEqual([
      [6, 'hello'],
      [4, 'leave'],
      [5, 'ping'],
    ]);
    last().answer(4, DONE);
    last().answer(5, DONE);
    await Promise.all([lost, late]);
  });

  test('a request whose answer was lost has it after the resume', async () => {
    const { webSocket, last, link, resume } = await greeted();
    const lost = link.request(LEAVE, 'done');
    webSocket.drop();
    resume(2);
    expect(last().sent).toHaveLength(1);
    last().answer(2, DONE);
    await lost;
  });

  test('an answer that is overdue: the socket is blamed first, the server when that did not help', async () => {
    const { last, link, clock, resume, told } = await greeted();
    const request = link.request(LEAVE, 'done');
    const hearFor = (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(1_000);
        last().fact(last().seq + 1, left('ada'));
      }
    };
    hearFor(9);
    expect(told).toEqual([]);
    clock.advance(1_000);
    expect(told).toEqual(['dropped']);
    clock.advance(20_000); // no answer is owed while there is no socket
    resume(2);
    hearFor(9);
    expect(link.closed).toBe(false);
    clock.advance(1_000);
    await expect(request).rejects.toMatchObject({ code: 'unavailable' });
    expect(link.closed).toBe(true);
  });

  test('is looked for ever more slowly, and each try may take longer', async () => {
    const { webSocket, webSockets, last, clock } = await greeted();
    webSocket.drop();
    clock.advance(0);
    expect(webSockets).toHaveLength(2);
    clock.advance(2_999);
    expect(last().closed).toBe(false);
    clock.advance(1);
    expect(last().closed).toBe(true); // never opened: hangs
    clock.advance(249);
    expect(webSockets).toHaveLength(2);
    clock.advance(1);
    expect(webSockets).toHaveLength(3);
    last().drop();
    clock.advance(500);
    expect(webSockets).toHaveLength(4);
  });

  test('is looked for at once when the network is back, whatever hangs or waits', async () => {
    const { webSocket, webSockets, last, clock, network } = await greeted();
    webSocket.drop();
    clock.advance(0);
    const hanging = last();
    network.isBack();
    expect([webSockets.length, hanging.closed]).toEqual([3, true]);
    last().drop();
    network.isBack();
    expect(webSockets).toHaveLength(4);
  });

  test('that only looks open is asked when the network is back', async () => {
    const { webSocket, network, clock, told } = await greeted();
    network.isBack();
    expect(webSocket.last?.body).toEqual(PING);
    clock.advance(500);
    expect(told).toEqual(['dropped']);
  });

  test('that is suspected has half a second, also when it was pinged before; a sign of life clears it', async () => {
    const { webSocket, link, clock, told } = await greeted();
    expect(link.standing).toEqual({ socketIsUp: true, socketLostAtMs: undefined });
    clock.advance(5_000);
    link.suspect();
    clock.advance(499);
    webSocket.answer(3, DONE);
    clock.advance(4_000);
    expect(told).toEqual([]);
    link.suspect();
    clock.advance(400);
    link.suspect(); // asks for no more time
    clock.advance(100);
    expect(told).toEqual(['dropped']);
    expect(link.standing).toEqual({ socketIsUp: false, socketLostAtMs: clock.nowMs() });
  });

  test('and whose session is gone ends the link, so that a new one may begin', async () => {
    const { webSocket, last, clock, link } = await greeted();
    const request = link.request(LEAVE, 'done');
    webSocket.drop();
    clock.advance(0);
    last().open();
    last().refuse(3, 'resume-refused');
    expect(await link.ended).toMatchObject({ code: 'unavailable', retryable: true });
    await expect(request).rejects.toMatchObject({ code: 'unavailable' });
    expect([last().closed, clock.pending]).toEqual([true, 0]);
  });

  test('and whose session was replaced meanwhile ends the link with that: joining again would replace the newer one', async () => {
    const { webSocket, last, clock, link } = await greeted();
    webSocket.drop();
    clock.advance(0);
    last().open();
    last().refuse(2, 'replaced');
    expect(await link.ended).toMatchObject({ code: 'replaced', retryable: false });
    expect([last().closed, clock.pending]).toEqual([true, 0]);
  });

  test('and cannot be resumed just now is tried again', async () => {
    const { webSocket, webSockets, last, clock, link } = await greeted();
    webSocket.drop();
    clock.advance(0);
    last().open();
    const busy = { code: 'rate-limited', message: 'no', retryable: true };
    last().answer(2, { case: 'refused', value: busy });
    clock.advance(250);
    expect([webSockets.length, link.closed]).toEqual([3, false]);
  });

  test('for longer than the server keeps the session ends the link', async () => {
    const { webSocket, last, clock, link } = await greeted();
    webSocket.drop();
    const lostAtMs = clock.nowMs();
    clock.advance(29_999);
    expect([link.closed, link.awaySinceMs]).toEqual([false, lostAtMs]);
    clock.advance(1);
    expect(await link.ended).toMatchObject({ code: 'unavailable', retryable: true });
    expect([last().closed, clock.pending, link.awaySinceMs]).toEqual([true, 0, lostAtMs]);
  });

  test('is heard no more, though it may come back to life', async () => {
    const { webSocket, link, facts, clock, resume, told } = await greeted();
    clock.advance(9_000);
    resume(2);
    webSocket.fact(1, left('ada'));
    webSocket.deliver('text');
    webSocket.drop();
    expect([facts, link.closed, told]).toEqual([[], false, ['dropped', 'resumed']]);
  });

  test('while somebody scrolls and speaks is followed by the last view, and by no word of who spoke', async () => {
    const { webSocket, last, link, resume } = await greeted();
    const show = (heightPx: number) => link.intend({ case: 'view', value: { ...NO_VIEW, tiles: [tile(heightPx)] } });
    show(100); // 2: on its way when the socket is lost
    link.intend(SPEAKING); // 3
    webSocket.drop();
    link.intend(ready); // 4
    for (let at = 0; at < 300; at += 1) {
      show(at + 1);
      link.intend(SPEAKING);
    }
    expect(link.closed).toBe(false);
    resume(1);
    const said = last().sent.slice(1);
    expect(said.map(({ body }) => body.case)).toEqual(['consumerReady', 'view']);
    expect(said[1]?.body).toMatchObject({ value: { tiles: [{ heightPx: 300 }] } });
    link.intend(SPEAKING);
    expect(last().last?.body.case).toBe('speaking');
    expect((last().last?.id ?? 0) > (said[1]?.id ?? 0)).toBe(true);
  });

  test('while far too much is said ends the link', async () => {
    const { webSocket, link } = await greeted();
    webSocket.drop();
    for (let at = 0; at < 120; at += 1) link.intend(ready);
    expect(link.closed).toBe(false);
    await expect(link.request(LEAVE, 'done')).rejects.toMatchObject({ code: 'unavailable' });
    expect(link.closed).toBe(true);
  });

  test('and given up from here leaves nothing running', async () => {
    const { webSocket, webSockets, link, clock } = await greeted();
    webSocket.drop();
    clock.advance(0);
    link.close();
    clock.advance(60_000);
    expect([webSockets.map(({ closed }) => closed), clock.pending]).toEqual([[true, true], 0]);
  });
});

describe('after it closed', () => {
  test('nothing is sent, told or awaited', async () => {
    const { webSocket, link, facts, clock } = await opened();
    link.close();
    link.close();
    link.intend(ready);
    await expect(link.request(PING, 'done')).rejects.toMatchObject({ code: 'unavailable' });
    webSocket.fact(1, left('ada'));
    webSocket.deliver('text');
    webSocket.drop();
    clock.advance(60_000);
    expect([webSocket.closed, webSocket.sent.length, facts.length, clock.pending]).toEqual([true, 0, 0, 0]);
    expect(await link.ended).toMatchObject({ message: 'closed by this side' });
  });
});
