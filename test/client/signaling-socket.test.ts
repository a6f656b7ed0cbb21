import { describe, expect, test } from 'vitest';
import type { ConsumerId, PeerId } from '../../src/base/index.ts';
import { SignalingSocket } from '../../src/client/signaling-socket.ts';
import type { SentClientMessage, ServerMessage } from '../../src/wire/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { FakeWebSocket } from './fake-web-socket.ts';

function open() {
  const clock = new FakeClock();
  const log = recordedLog();
  const webSocket = new FakeWebSocket();
  const facts: ServerMessage[] = [];
  const asked: string[] = [];
  const socket = new SignalingSocket('wss://calls.example/v1/signal', {
    openWebSocket: (url, subprotocol) => {
      asked.push(url, subprotocol);
      return webSocket;
    },
    clock,
    log,
    told: (fact) => facts.push(fact),
  });
  return { clock, log, webSocket, socket, facts, asked };
}

/** One whose handshake is done. */
async function opened() {
  const all = open();
  all.webSocket.open();
  await all.socket.opened;
  return all;
}

const PING: SentClientMessage = { case: 'ping', value: {} };
const LEAVE: SentClientMessage = { case: 'leave', value: {} };
const DONE = { case: 'done', value: {} } as const;
const left = (peerId: string) => ({ case: 'peerLeft', value: { peerId: peerId as PeerId } }) as const;
const ready: SentClientMessage = { case: 'consumerReady', value: { consumerId: 'c1' as ConsumerId } };

describe('opening', () => {
  test('asks for the protocol, in binary', async () => {
    const { asked, webSocket } = await opened();
    expect(asked).toEqual(['wss://calls.example/v1/signal', 'conclave.v1']);
    expect(webSocket.binaryType).toBe('arraybuffer');
  });

  test('of a server that cannot be reached is unavailable', async () => {
    const { webSocket, socket, clock } = open();
    webSocket.drop();
    await expect(socket.opened).rejects.toMatchObject({ code: 'unavailable' });
    expect(clock.pending).toBe(0);
  });

  test('of a server that does not answer ends after ten seconds', async () => {
    const { webSocket, socket, clock } = open();
    clock.advance(10_000);
    await expect(socket.opened).rejects.toMatchObject({ code: 'unavailable' });
    expect([socket.closed, webSocket.closed]).toEqual([true, true]);
  });
});

describe('a request', () => {
  test('is numbered from one and finds its own answer, in whatever order they come', async () => {
    const { webSocket, socket, clock } = await opened();
    const restart = socket.request({ case: 'restartIce', value: { direction: 'send' } }, 'restartIce');
    const ping = socket.request(PING, 'done');
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
    const { webSocket, socket } = await opened();
    const request = socket.request(PING, 'done');
    webSocket.refuse(1, code);
    await expect(request).rejects.toMatchObject({ name: 'CallError', code, message: 'no', retryable });
    expect(socket.closed).toBe(false);
  });

  test('with an answer of another kind ends the socket, and fails', async () => {
    const { webSocket, socket, clock } = await opened();
    const request = socket.request(PING, 'done');
    webSocket.answer(1, left('ada'));
    await expect(request).rejects.toMatchObject({ code: 'malformed' });
    expect([socket.closed, clock.pending]).toEqual([true, 0]);
  });

  test('that is not answered within ten seconds ends the socket', async () => {
    const { webSocket, socket, clock, log } = await opened();
    const request = socket.request(LEAVE, 'done');
    clock.advance(9_999);
    expect(socket.closed).toBe(false);
    clock.advance(1);
    await expect(request).rejects.toMatchObject({ code: 'unavailable' });
    expect(webSocket.closed).toBe(true);
    expect(log.lines).toEqual([{ event: 'server silent', fields: { reason: 'leave' } }]);
  });

  test('under way when the socket closes is unavailable, and so is the end', async () => {
    const { webSocket, socket, clock } = await opened();
    const requests = [socket.request(PING, 'done'), socket.request(LEAVE, 'done')];
    webSocket.drop();
    for (const request of requests) await expect(request).rejects.toMatchObject({ code: 'unavailable' });
    expect(await socket.ended).toMatchObject({ code: 'unavailable', retryable: true });
    expect(clock.pending).toBe(0);
  });

  test('that cannot be written fails alone', async () => {
    const { socket, clock } = await opened();
    const unwritable = { case: 'hello', value: null } as unknown as SentClientMessage;
    await expect(socket.request(unwritable, 'hello')).rejects.toThrow();
    expect([socket.closed, clock.pending]).toEqual([false, 0]);
  });

  test('an answer to nobody is passed over', async () => {
    const { webSocket, socket, log } = await opened();
    webSocket.answer(99, DONE);
    expect([socket.closed, log.lines.length]).toEqual([false, 0]);
  });
});

describe('an intent', () => {
  test('waits for nothing; a refusal is logged', async () => {
    const { webSocket, socket, clock, log } = await opened();
    socket.intend(ready);
    expect(webSocket.last).toEqual({ id: 1, body: ready });
    expect(clock.pending).toBe(0);
    webSocket.refuse(1, 'not-found');
    expect(log.lines).toEqual([{ event: 'intent refused', fields: { code: 'not-found' } }]);
    expect(socket.closed).toBe(false);
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
  ])('a number that is %s ends the socket; joining again brings the whole roster', async (_, skip) => {
    const { webSocket, socket, facts } = await opened();
    webSocket.fact(1, left('ada'));
    webSocket.fact(1 + skip, left('bob'));
    expect(facts).toHaveLength(1);
    expect(await socket.ended).toMatchObject({ code: 'unavailable', retryable: true });
  });

  test('of a kind that is not known yet count and are passed over', async () => {
    const { webSocket, socket, facts } = await opened();
    webSocket.deliver(Uint8Array.of(0x10, 1, 0xfa, 0x3f, 0).buffer); // seq 1, field 1023
    webSocket.fact(2, left('ada'));
    expect([socket.closed, facts.length]).toEqual([false, 1]);
  });

  test('that the session closes ends the socket with the reason', async () => {
    const { webSocket, socket, facts } = await opened();
    webSocket.fact(1, { case: 'sessionClosing', value: { code: 'replaced', message: 'newer', retryable: false } });
    expect(await socket.ended).toMatchObject({ code: 'replaced', message: 'newer', retryable: false });
    expect(facts).toEqual([]);
  });
});

describe('what is not a frame', () => {
  test.each<[string, unknown]>([
    ['text', '{"case":"done"}'],
    ['bytes of something else', Uint8Array.of(0xff, 0xff, 0xff).buffer],
    ['a field that is off', Uint8Array.of(0x10, 1, 0xa2, 1, 0).buffer],
  ])('%s ends the socket for good', async (_, payload) => {
    const { webSocket, socket, log } = await opened();
    const request = socket.request(PING, 'done');
    webSocket.deliver(payload);
    await expect(request).rejects.toMatchObject({ code: 'malformed', retryable: false });
    expect(socket.closed).toBe(true);
    expect(log.lines.map(({ event }) => event)).toEqual(['server frame refused']);
  });
});

describe('keeping alive', () => {
  test('pings three times per idle timeout, and never more than once a second', async () => {
    for (const [idleTimeoutMs, periodMs] of [
      [30_000, 10_000],
      [300, 1_000],
    ] as const) {
      const { webSocket, socket, clock } = await opened();
      socket.keepAlive(idleTimeoutMs);
      clock.advance(periodMs - 1);
      expect(webSocket.sent).toHaveLength(0);
      clock.advance(1);
      webSocket.answer(1, DONE);
      clock.advance(periodMs);
      expect(webSocket.sent.map(({ body }) => body.case)).toEqual(['ping', 'ping']);
    }
  });

  test('a ping that is not answered ends the socket', async () => {
    const { socket, clock } = await opened();
    socket.keepAlive(30_000);
    clock.advance(20_000);
    expect(socket.closed).toBe(true);
    expect(clock.pending).toBe(0);
  });
});

describe('after it closed', () => {
  test('nothing is sent, told or awaited', async () => {
    const { webSocket, socket, facts, clock } = await opened();
    socket.keepAlive(30_000);
    socket.close();
    socket.close();
    socket.intend(ready);
    await expect(socket.request(PING, 'done')).rejects.toMatchObject({ code: 'unavailable' });
    webSocket.fact(1, left('ada'));
    webSocket.deliver('text');
    webSocket.drop();
    clock.advance(60_000);
    expect([webSocket.closed, webSocket.sent.length, facts.length, clock.pending]).toEqual([true, 0, 0, 0]);
    expect(await socket.ended).toMatchObject({ message: 'closed by this side' });
  });
});
