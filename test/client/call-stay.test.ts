import type { Device } from 'mediasoup-client';
import { describe, expect, test } from 'vitest';
import { Scope } from '../../src/base/index.ts';
import { stayInCall } from '../../src/client/call-stay.ts';
import type { E2ee } from '../../src/client/e2ee/e2ee.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';
import { FakeWebSocket, WELCOME } from './fake-web-socket.ts';

const TOKEN = `e30.${btoa('{"sub":"ada","device":"phone","room":"standup"}')}.x`;

const DEVICE = {
  load: async () => undefined,
  recvRtpCapabilities: WELCOME.routerRtpCapabilities,
} as unknown as Device;

/** A stay whose servers are the test: each opened socket is one of them. */
function begin() {
  const servers: { readonly url: string; readonly webSocket: FakeWebSocket }[] = [];
  const scope = new Scope();
  const clock = new FakeClock();
  const seen = { tokens: 0, dropped: 0 };
  const token = async () => {
    seen.tokens += 1;
    return TOKEN;
  };
  const reason = stayInCall(
    { url: 'https://a.example', token, roomId: undefined },
    {
      clock,
      random: () => 0,
      openWebSocket: (url) => {
        const webSocket = new FakeWebSocket();
        servers.push({ url, webSocket });
        return webSocket;
      },
      createDevice: () => DEVICE,
      e2ee: {} as E2ee,
      cameraCodec: async () => 'vp8',
      log: recordedLog(),
      scope,
      watchNetwork: () => () => undefined,
      told: () => undefined,
      dropped: () => {
        seen.dropped += 1;
      },
      resumed: () => undefined,
      entered: () => undefined,
      lost: () => undefined,
    },
  );
  /** The server that was reached last says that it is full, at Hello or not before the join. */
  const full = async (nextServer?: string, { at = 'hello' }: { readonly at?: 'hello' | 'join' } = {}) => {
    const webSocket = servers.at(-1)?.webSocket;
    webSocket?.open();
    await settled();
    if (at === 'join') webSocket?.answer(webSocket.last?.id ?? 0, { case: 'hello', value: WELCOME });
    await settled();
    const refused = { code: 'server-full', message: 'full', retryable: true, ...(nextServer && { nextServer }) };
    webSocket?.answer(webSocket.last?.id ?? 0, { case: 'refused', value: refused });
    await settled();
  };
  const urls = () => servers.map(({ url }) => url);
  return { reason, servers, scope, clock, seen, full, urls };
}

describe('a stay in a call', () => {
  test('goes on to the server that a full one names, with another token, and leaves no socket behind', async () => {
    const { servers, seen, full, urls } = begin();
    await full('https://b.example');
    expect([urls(), seen.tokens]).toEqual([['wss://a.example/v1/signal', 'wss://b.example/v1/signal'], 2]);
    expect(servers.map(({ webSocket }) => webSocket.closed)).toEqual([true, false]);
  });

  test('goes on as well from one that is full at the join, whose session ends', async () => {
    const { servers, clock, seen, full, urls } = begin();
    await full('https://b.example', { at: 'join' });
    expect(urls()).toHaveLength(2);
    expect(servers.map(({ webSocket }) => webSocket.closed)).toEqual([true, false]);
    servers[0]?.webSocket.drop();
    clock.advance(0);
    expect([seen.dropped, urls().length]).toEqual([0, 2]);
  });

  test('ends when the full one knows of none', async () => {
    const { reason, full } = begin();
    await full();
    expect(await reason).toEqual({ kind: 'refused', code: 'server-full', message: 'full' });
  });

  test('ends when servers send each other in a circle', async () => {
    const { reason, full, urls } = begin();
    await full('https://b.example');
    await full('https://a.example');
    expect(await reason).toMatchObject({ code: 'server-full', nextServer: 'https://a.example' });
    expect(urls()).toHaveLength(2);
  });

  test('that is left meanwhile goes nowhere', async () => {
    const { reason, scope, full, urls } = begin();
    scope.close();
    await full('https://b.example');
    expect([(await reason).kind, urls().length]).toEqual(['asked', 1]);
  });
});
