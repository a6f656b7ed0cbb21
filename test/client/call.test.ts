import { Device } from 'mediasoup-client';
import { describe, expect, test } from 'vitest';
import { CallError } from '../../src/base/index.ts';
import { Call } from '../../src/client/call.ts';
import type { CallEvents } from '../../src/client/call-events.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';
import { FakeWebSocket } from './fake-web-socket.ts';

const EVENTS = ['stateChanged', 'joined', 'left', 'reconnecting'] as const satisfies readonly (keyof CallEvents)[];

/** A call in a browser whose frame transform is there, or not. */
function open({ transforms = true }: { readonly transforms?: boolean } = {}) {
  const webSocket = new FakeWebSocket();
  const log = recordedLog();
  const seen = { told: [] as string[], framesClosed: 0 };
  const call = new Call(
    { displayName: 'Ada', roomId: 'standup', log },
    {
      clock: new FakeClock(),
      random: () => 0,
      openWebSocket: () => webSocket,
      createDevice: () => new Device({ handlerName: 'Chrome111' }),
      openFrameTransform: () => {
        if (!transforms) throw new CallError('forbidden', 'no transforms');
        const close = () => {
          seen.framesClosed += 1;
        };
        return {
          attachSender: () => undefined,
          attachReceiver: () => undefined,
          counts: async () => ({ send: { audio: 0, video: 0 }, recv: { audio: 0, video: 0 } }),
          close,
        };
      },
      mediaDevices: undefined,
      watchHeight: () => () => undefined,
    },
  );
  for (const name of EVENTS) call.on(name, () => void seen.told.push(name));
  return { call, webSocket, log, seen };
}

const URL_OF_SERVER = 'https://calls.example';

describe('a call', () => {
  test('that is refused has left for that reason, and join() throws it', async () => {
    const { call, webSocket, seen } = open();
    const joined = call.join(URL_OF_SERVER, 'token');
    webSocket.open();
    await settled();
    webSocket.refuse(1, 'token-expired');
    await expect(joined).rejects.toMatchObject({ code: 'token-expired', retryable: false });
    expect(call.state).toEqual({ kind: 'left', reason: { kind: 'refused', code: 'token-expired', message: 'no' } });
    expect(seen.told).toEqual(['stateChanged', 'stateChanged', 'left']);
    expect([webSocket.closed, seen.framesClosed]).toEqual([true, 1]);
  });

  test('is joined once', async () => {
    const { call } = open();
    const joined = call.join(URL_OF_SERVER, 'token');
    await expect(call.join(URL_OF_SERVER, 'token')).rejects.toMatchObject({ code: 'out-of-order' });
    call.leave();
    await expect(call.join(URL_OF_SERVER, 'token')).rejects.toMatchObject({ code: 'out-of-order' });
    await expect(joined).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('does not begin in a browser without encoded transforms', async () => {
    const { call, webSocket } = open({ transforms: false });
    await expect(call.join(URL_OF_SERVER, 'token')).rejects.toMatchObject({ code: 'forbidden' });
    expect([call.state.kind, webSocket.sent.length]).toEqual(['left', 0]);
  });

  test('that is left while it connects has left at once, whatever the server does; the socket follows', async () => {
    const { call, webSocket, seen } = open();
    const joined = call.join(URL_OF_SERVER, 'token');
    call.leave();
    call.leave();
    await expect(joined).rejects.toMatchObject({ code: 'unavailable' });
    expect(call.state).toEqual({ kind: 'left', reason: { kind: 'asked' } });
    webSocket.open();
    await settled();
    webSocket.refuse(1, 'token-expired');
    await settled();
    expect(webSocket.closed).toBe(true);
    expect(seen.told).toEqual(['stateChanged', 'stateChanged', 'left']);
  });

  test('has statistics and frame counts only while there is something to count', async () => {
    const { call } = open();
    expect([await call.getStats(), await call.frameCounts()]).toEqual([undefined, undefined]);
    const joined = call.join(URL_OF_SERVER, 'token');
    expect(await call.frameCounts()).toBeDefined();
    call.leave();
    expect([await call.getStats(), await call.frameCounts()]).toEqual([undefined, undefined]);
    void joined.catch(() => undefined);
  });

  test('goes on without devices, and says so', async () => {
    const { call } = open();
    const problems: string[] = [];
    call.on('deviceError', ({ source, problem }) => problems.push(`${source} ${problem}`));
    expect([await call.setMicrophone(true), await call.setCamera(true)]).toEqual([false, false]);
    expect(problems).toEqual(['microphone insecure', 'camera insecure']);
    expect(call.state.kind).toBe('idle');
  });

  test('a listener that throws is logged and disturbs nobody else', () => {
    const { call, log } = open();
    let heard = 0;
    call.on('left', () => {
      throw new Error('mine');
    });
    const stop = call.on('stateChanged', () => {
      heard += 1;
    });
    call.on('left', () => {
      heard += 1;
    });
    call.leave();
    stop();
    expect(heard).toBe(2);
    expect(log.lines.map(({ event, fields }) => `${event}: ${fields.reason}`)).toEqual(['listener threw: left']);
  });
});
