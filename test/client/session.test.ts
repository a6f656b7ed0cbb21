import { Device } from 'mediasoup-client';
import { describe, expect, test } from 'vitest';
import { CallError } from '../../src/base/index.ts';
import { openSession, type SessionTarget, signalUrl } from '../../src/client/session.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';
import { FakeWebSocket } from './fake-web-socket.ts';

describe('the url of the signaling', () => {
  test.each([
    ['https://calls.example', 'wss://calls.example/v1/signal'],
    ['https://calls.example/', 'wss://calls.example/v1/signal'],
    ['http://localhost:4400', 'ws://localhost:4400/v1/signal'],
    ['wss://calls.example', 'wss://calls.example/v1/signal'],
    ['https://example.org/calls/signal?region=eu', 'wss://example.org/calls/signal?region=eu'],
  ])('%s', (url, expected) => {
    expect(signalUrl(url)).toBe(expected);
  });

  test.each(['calls.example', '/v1/signal', ''])('"%s" is invalid', (url) => {
    expect(() => signalUrl(url)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});

const TOKEN = `e30.${btoa('{"sub":"ada","device":"phone"}')}.x`;

function begin(target: Partial<SessionTarget> = {}) {
  const webSocket = new FakeWebSocket();
  const clock = new FakeClock();
  const outcome = openSession(
    { url: 'https://calls.example', token: TOKEN, roomId: 'standup', ...target },
    {
      openWebSocket: () => webSocket,
      createDevice: () => new Device({ handlerName: 'Chrome111' }),
      clock,
      random: () => 0,
      whenOnline: () => () => undefined,
      log: recordedLog(),
      told: () => undefined,
    },
  );
  return { webSocket, clock, outcome };
}

describe('opening a session', () => {
  test('fetches the token while the socket opens, then says Hello', async () => {
    let asked = false;
    const token = async () => {
      asked = true;
      return TOKEN;
    };
    const { webSocket } = begin({ token });
    expect([asked, webSocket.sent.length]).toEqual([true, 0]);
    webSocket.open();
    await settled();
    expect(webSocket.last).toMatchObject({ id: 1, body: { case: 'hello', value: { token: TOKEN } } });
  });

  test.each<[string, Partial<SessionTarget>, string]>([
    ['no token', { token: () => Promise.reject(new Error('offline')) }, 'unavailable'],
    [
      'a token that its callback refuses',
      { token: () => Promise.reject(new CallError('forbidden', 'no')) },
      'forbidden',
    ],
    ['no room anywhere', { roomId: undefined }, 'wrong-room'],
    ['a token that names nobody', { token: 'e30.e30.x' }, 'unauthenticated'],
  ])('with %s fails, and leaves nothing open', async (_, target, code) => {
    const { webSocket, clock, outcome } = begin(target);
    webSocket.open();
    await expect(outcome).rejects.toMatchObject({ name: 'CallError', code });
    expect([webSocket.closed, webSocket.sent.length, clock.pending]).toEqual([true, 0, 0]);
  });

  test('that the server refuses fails with its code, and leaves nothing open', async () => {
    const { webSocket, clock, outcome } = begin();
    webSocket.open();
    await settled();
    webSocket.refuse(1, 'token-used');
    await expect(outcome).rejects.toMatchObject({ code: 'token-used', retryable: false });
    expect([webSocket.closed, clock.pending]).toEqual([true, 0]);
  });

  test('takes the room from the token when none is given', async () => {
    const token = `e30.${btoa('{"room":"from-token","sub":"ada","device":"phone"}')}.x`;
    const { webSocket } = begin({ roomId: undefined, token });
    webSocket.open();
    await settled();
    expect(webSocket.last?.body.case).toBe('hello');
  });
});
