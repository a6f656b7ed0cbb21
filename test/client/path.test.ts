import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup-client';
import { describe, expect, test } from 'vitest';
import { Path, toTransportOptions } from '../../src/client/path.ts';
import { SignalingLink } from '../../src/client/signaling-link.ts';
import type { TransportParameters } from '../../src/wire/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';
import { FakeWebSocket } from './fake-web-socket.ts';

const iceParameters = { usernameFragment: 'abcd', password: 'x'.repeat(22), iceLite: true };

const fingerprint = { algorithm: 'sha-256', value: Array(32).fill('AB').join(':') };
const dtlsParameters = { role: 'client', fingerprints: [fingerprint] };

/** What is used of mediasoup-client's transport. */
class FakeTransport extends EventEmitter {
  closed = false;
  readonly id = 't1';
  connectionState = 'connected';
  readonly restarts: unknown[] = [];
  close(): void {
    this.closed = true;
  }
  async restartIce(options: unknown): Promise<void> {
    this.restarts.push(options);
  }
}

function open() {
  const clock = new FakeClock();
  const webSocket = new FakeWebSocket();
  const link = new SignalingLink('wss://calls.example', {
    openWebSocket: () => webSocket,
    clock: new FakeClock(),
    random: () => 0,
    whenOnline: () => () => undefined,
    log: recordedLog(),
    told: () => undefined,
  });
  const transport = new FakeTransport();
  const seen = { broke: 0 };
  const broke = () => {
    seen.broke += 1;
  };
  const options = { direction: 'send', link, clock, log: recordedLog(), broke } as const;
  const path = new Path(transport as unknown as types.Transport, options);
  const become = async (state: string) => {
    transport.connectionState = state;
    transport.emit('connectionstatechange', state);
    await settled();
  };
  const answerRestart = async () => {
    webSocket.answer(webSocket.last?.id ?? 0, { case: 'restartIce', value: { iceParameters } });
    await settled();
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settled();
  };
  const asked = () => webSocket.sent.filter(({ body }) => body.case === 'restartIce').length;
  return { webSocket, clock, transport, path, seen, become, answerRestart, pass, asked };
}

describe('a path', () => {
  test("the server's parameters become mediasoup-client's, and frames are held for the transform", () => {
    const parameters = {
      id: 't1',
      iceParameters,
      iceCandidates: [{ foundation: 'f', priority: 1, address: '192.0.2.1', protocol: 'udp', port: 1, type: 'host' }],
      dtlsParameters: { role: 'auto', fingerprints: [] },
    } as unknown as TransportParameters;
    expect(toTransportOptions(parameters)).toMatchObject({
      id: 't1',
      iceCandidates: [{ ip: '192.0.2.1', port: 1 }],
      additionalSettings: { encodedInsertableStreams: true },
    });
  });

  test('connects without waiting for the answer; one that is refused is given up', async () => {
    const { webSocket, transport, seen } = open();
    let connected = 0;
    transport.emit('connect', { dtlsParameters }, () => {
      connected += 1;
    });
    expect([connected, webSocket.last?.body.case, seen.broke]).toEqual([1, 'connectTransport', 0]);
    webSocket.refuse(1, 'internal');
    await settled();
    expect(seen.broke).toBe(1);
  });

  test('refused because its worker died waits for what the server gives in its place', async () => {
    const { webSocket, transport, seen } = open();
    transport.emit('connect', { dtlsParameters }, () => undefined);
    webSocket.refuse(1, 'media-lost');
    await settled();
    expect(seen.broke).toBe(0);
  });

  test('that loses its way restarts ICE with what the server gives', async () => {
    const { webSocket, transport, become, answerRestart } = open();
    await become('disconnected');
    expect(webSocket.last?.body).toEqual({ case: 'restartIce', value: { direction: 'send', transportId: 't1' } });
    await answerRestart();
    expect(transport.restarts).toEqual([{ iceParameters }]);
  });

  test('two restarts without success, and it is given up', async () => {
    const { become, answerRestart, seen } = open();
    for (const state of ['disconnected', 'failed']) {
      await become(state);
      await answerRestart();
    }
    expect(seen.broke).toBe(0);
    await become('failed');
    expect(seen.broke).toBe(1);
  });

  test('a restart that helped starts the count anew', async () => {
    const { become, answerRestart, seen } = open();
    for (let round = 0; round < 10; round += 1) {
      await become('disconnected');
      await answerRestart();
      await become('connected');
    }
    expect(seen.broke).toBe(0);
  });

  test('a restart that brings nothing in time is followed by the next, and then the path is given up', async () => {
    const { become, answerRestart, pass, asked, seen } = open();
    await become('disconnected');
    await answerRestart();
    await pass(4_999);
    expect(asked()).toBe(1);
    await pass(1);
    expect(asked()).toBe(2);
    await answerRestart();
    await pass(5_000);
    expect(seen.broke).toBe(1);
  });

  test('the time that the server takes to answer does not count: it may be the socket that is gone', async () => {
    const { become, pass, asked, seen } = open();
    await become('disconnected');
    await pass(9_000);
    expect([asked(), seen.broke]).toEqual([1, 0]);
  });

  test('on another network it restarts at once, though it still seems connected, and goes on when it is', async () => {
    const { path, transport, answerRestart, pass, clock, asked, seen } = open();
    path.networkChanged();
    expect(asked()).toBe(1);
    await answerRestart();
    expect(transport.restarts).toHaveLength(1);
    await pass(60_000);
    expect([asked(), seen.broke, clock.pending]).toEqual([1, 0, 0]);
  });

  test('that was never used has no way to lose', () => {
    const { path, transport, asked } = open();
    transport.connectionState = 'new';
    path.networkChanged();
    expect(asked()).toBe(0);
  });

  test('closed stops its clock, and breaks no more', async () => {
    const { path, webSocket, transport, become, answerRestart, clock, seen } = open();
    transport.emit('connect', { dtlsParameters }, () => undefined);
    await become('disconnected');
    await answerRestart();
    path.close();
    webSocket.refuse(1, 'internal');
    await become('failed');
    expect([transport.closed, clock.pending, seen.broke]).toEqual([true, 0, 0]);
  });

  test('closed while the server answers is not restarted', async () => {
    const { transport, become, answerRestart } = open();
    await become('failed');
    transport.closed = true;
    await answerRestart();
    expect(transport.restarts).toEqual([]);
  });
});
