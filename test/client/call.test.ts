import { Device } from 'mediasoup-client';
import { describe, expect, test } from 'vitest';
import { CallError } from '../../src/base/index.ts';
import { Call } from '../../src/client/call.ts';
import type { CallEvents } from '../../src/client/call-events.ts';
import type { CallAdmission } from '../../src/client/call-options.ts';
import type { E2ee } from '../../src/client/e2ee/e2ee.ts';
import { NO_FRAMES } from '../../src/client/frame-counts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';
import { FakeWebSocket } from './fake-web-socket.ts';

const EVENTS = ['stateChanged', 'joined', 'left', 'reconnecting'] as const satisfies readonly (keyof CallEvents)[];

const nothing = () => undefined;

/** A worker that hears nothing and says nothing. */
const NO_E2EE: E2ee = {
  attachSender: nothing,
  attachReceiver: nothing,
  begin: nothing,
  told: nothing,
  chat: nothing,
  react: nothing,
  show: nothing,
  admit: nothing,
  makeEmoji: nothing,
  watchDigits: nothing,
  verify: nothing,
  counts: async () => NO_FRAMES,
  close: nothing,
};

/** A call in a browser whose encoded transforms are there, or not. */
function open({
  transforms = true,
  admission = { secret: 'A'.repeat(22) },
}: {
  readonly transforms?: boolean;
  readonly admission?: CallAdmission;
} = {}) {
  const webSocket = new FakeWebSocket();
  const log = recordedLog();
  const seen = { told: [] as string[], workersClosed: 0 };
  const call = new Call(
    { displayName: 'Ada', roomId: 'standup', log, ...admission },
    {
      clock: new FakeClock(),
      random: () => 0,
      openWebSocket: () => webSocket,
      createDevice: () => new Device({ handlerName: 'Chrome111' }),
      openE2ee: () => {
        if (!transforms) throw new CallError('forbidden', 'no transforms');
        const close = () => {
          seen.workersClosed += 1;
        };
        return { ...NO_E2EE, close };
      },
      mediaDevices: undefined,
      watchPlace: () => () => undefined,
      watchNetwork: () => () => undefined,
      openSoundLevel: () => ({ dbov: Number.NEGATIVE_INFINITY, close: nothing }),
      vp9Ability: async () => ({ supported: false, smooth: false, powerEfficient: false }),
    },
  );
  for (const name of EVENTS) call.on(name, () => void seen.told.push(name));
  return { call, webSocket, log, seen };
}

const URL_OF_SERVER = 'https://calls.example';
const TOKEN = `e30.${btoa('{"sub":"ada","device":"phone"}')}.x`;

describe('a call', () => {
  test('that is refused has left for that reason, and join() throws it', async () => {
    const { call, webSocket, seen } = open();
    const joined = call.join(URL_OF_SERVER, TOKEN);
    webSocket.open();
    await settled();
    webSocket.refuse(1, 'token-expired');
    await expect(joined).rejects.toMatchObject({ code: 'token-expired', retryable: false });
    expect(call.state).toEqual({ kind: 'left', reason: { kind: 'refused', code: 'token-expired', message: 'no' } });
    expect(seen.told).toEqual(['stateChanged', 'stateChanged', 'left']);
    expect([webSocket.closed, seen.workersClosed]).toEqual([true, 1]);
  });

  test('is joined once', async () => {
    const { call } = open();
    const joined = call.join(URL_OF_SERVER, TOKEN);
    await expect(call.join(URL_OF_SERVER, TOKEN)).rejects.toMatchObject({ code: 'out-of-order' });
    call.leave();
    await expect(call.join(URL_OF_SERVER, TOKEN)).rejects.toMatchObject({ code: 'out-of-order' });
    await expect(joined).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('does not begin in a browser without encoded transforms', async () => {
    const { call, webSocket } = open({ transforms: false });
    await expect(call.join(URL_OF_SERVER, TOKEN)).rejects.toMatchObject({ code: 'forbidden' });
    expect([call.state.kind, webSocket.sent.length]).toEqual(['left', 0]);
  });

  test.each<[string, CallAdmission]>([
    ['no secret and no admission', {}],
    ['half a secret', { secret: 'A'.repeat(20) }],
    ['a secret that is none', { secret: '?'.repeat(22) }],
  ])('does not begin with %s', async (_, admission) => {
    const { call, webSocket } = open({ admission });
    await expect(call.join(URL_OF_SERVER, TOKEN)).rejects.toMatchObject({ code: 'invalid' });
    expect([call.state.kind, webSocket.sent.length]).toEqual(['left', 0]);
  });

  test('that is left while it connects has left at once, whatever the server does; the socket follows', async () => {
    const { call, webSocket, seen } = open();
    const joined = call.join(URL_OF_SERVER, TOKEN);
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
    const joined = call.join(URL_OF_SERVER, TOKEN);
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
