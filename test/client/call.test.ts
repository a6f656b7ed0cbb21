import { EventEmitter } from 'node:events';
import { Device } from 'mediasoup-client';
import { describe, expect, test } from 'vitest';
import { CallError, type MemberId, type PeerId } from '../../src/base/index.ts';
import { Call } from '../../src/client/call.ts';
import type { CallEvents } from '../../src/client/call-events.ts';
import type { CallAdmission } from '../../src/client/call-options.ts';
import type { CallParts } from '../../src/client/call-parts.ts';
import type { E2ee, E2eeOptions } from '../../src/client/e2ee/e2ee.ts';
import { NO_FRAMES } from '../../src/client/frame-counts.ts';
import type { SentServerMessage, TransportParameters } from '../../src/wire/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';
import { FakeWebSocket, WELCOME } from './fake-web-socket.ts';

const EVENTS = [
  'stateChanged',
  'joined',
  'left',
  'reconnecting',
  'reconnected',
] as const satisfies readonly (keyof CallEvents)[];

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
  askToMute: nothing,
  moderatorsAre: nothing,
  remove: async () => undefined,
  makeEmoji: nothing,
  moveHere: nothing,
  watchDigits: nothing,
  verify: nothing,
  counts: async () => NO_FRAMES,
  close: nothing,
};

/** A call in a browser whose encoded transforms are there, or not. */
function open({
  transforms = true,
  admission = { secret: 'A'.repeat(22) },
  createDevice = () => new Device({ handlerName: 'Chrome111' }),
  mediaDevices,
}: {
  readonly transforms?: boolean;
  readonly admission?: CallAdmission;
  readonly createDevice?: () => Device;
  readonly mediaDevices?: CallParts['mediaDevices'];
} = {}) {
  const webSocket = new FakeWebSocket();
  const webSockets: FakeWebSocket[] = [];
  const clock = new FakeClock();
  const log = recordedLog();
  const seen = { told: [] as string[], workersClosed: 0, tell: nothing as E2eeOptions['told'] };
  const call = new Call(
    { displayName: 'Ada', roomId: 'standup', log, ...admission },
    {
      clock,
      random: () => 0,
      openWebSocket() {
        const next = webSockets.length === 0 ? webSocket : new FakeWebSocket();
        webSockets.push(next);
        return next;
      },
      createDevice,
      openE2ee: ({ told }) => {
        seen.tell = told;
        if (!transforms) throw new CallError('forbidden', 'no transforms');
        const close = () => {
          seen.workersClosed += 1;
        };
        return { ...NO_E2EE, close };
      },
      mediaDevices,
      watchPlace: () => () => undefined,
      watchNetwork: () => () => undefined,
      openSoundLevel: () => ({ dbov: Number.NEGATIVE_INFINITY, close: nothing }),
      vp9Ability: async () => ({ supported: false, smooth: false, powerEfficient: false }),
      suppressNoise: () => Promise.reject(new Error('no worklets here')),
    },
  );
  for (const name of EVENTS) call.on(name, () => void seen.told.push(name));
  return { call, webSocket, webSockets, clock, log, seen };
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

/** What is used of mediasoup-client's transports: counts what is published. */
class FakeTransport extends EventEmitter {
  readonly observer = new EventEmitter();
  closed = false;
  produced = 0;
  async produce() {
    this.produced += 1;
    return { id: 'p1', closed: false, close: nothing };
  }
  close(): void {
    this.closed = true;
  }
}

const iceParameters = { usernameFragment: 'abcd', password: 'x'.repeat(22), iceLite: true };
const fingerprints = [{ algorithm: 'sha-256' as const, value: Array(32).fill('AB').join(':') }];
const path = (id: string): TransportParameters => ({
  id,
  iceParameters,
  iceCandidates: [],
  dtlsParameters: { role: 'auto', fingerprints },
});
const JOINED: SentServerMessage = {
  case: 'joined',
  value: {
    peerId: 'ada' as PeerId,
    memberId: 'member' as MemberId,
    moderator: true,
    locked: false,
    peers: [],
    sendTransport: path('send'),
    recvTransport: path('recv'),
  },
};

/** A machine with that microphone alone. */
const devicesWith = (microphone: EventTarget): CallParts['mediaDevices'] =>
  Object.assign(new EventTarget(), {
    getUserMedia: async () => ({ getTracks: () => [microphone] }),
    enumerateDevices: async () => [],
  }) as unknown as NonNullable<CallParts['mediaDevices']>;

/** A call that is joined, sends its microphone and shows nobody. */
async function joined() {
  const send = new FakeTransport();
  const { codecs } = WELCOME.routerRtpCapabilities;
  const device = {
    load: async () => undefined,
    recvRtpCapabilities: WELCOME.routerRtpCapabilities,
    sendRtpCapabilities: { codecs },
    createSendTransport: () => send,
    createRecvTransport: () => new FakeTransport(),
  };
  const microphone = Object.assign(new EventTarget(), { kind: 'audio', enabled: true, stop: nothing });
  const all = open({
    createDevice: () => device as unknown as Device,
    mediaDevices: devicesWith(microphone),
  });
  const { call, webSocket, webSockets, clock, seen } = all;
  await call.setMicrophone(true);
  const outcome = call.join(URL_OF_SERVER, TOKEN);
  webSocket.open();
  await settled();
  webSocket.answer(1, { case: 'hello', value: WELCOME });
  await settled();
  webSocket.answer(2, JOINED);
  await settled();
  seen.tell({ kind: 'standing', standing: { kind: 'inside' } });
  await outcome;
  await settled();
  seen.told.length = 0;
  const resume = () => {
    clock.advance(0);
    const last = webSockets.at(-1) as FakeWebSocket;
    last.seq = webSocket.seq;
    last.open();
    last.answer(last.last?.id ?? 0, { case: 'resumed', value: { lastId: 3 } });
  };
  /** How often views were told, and tracks published. */
  const bound = () => {
    const views = webSockets.flatMap(({ sent }) => sent.filter(({ body }) => body.case === 'view'));
    return { views: views.length, published: send.produced };
  };
  return { ...all, resume, bound };
}

describe('a call whose socket is away', () => {
  test('for less than two seconds says nothing of it', async () => {
    const { call, webSocket, clock, seen, resume, bound } = await joined();
    webSocket.drop();
    clock.advance(1_999);
    resume();
    clock.advance(4_000);
    expect([seen.told, call.state.kind, bound()]).toEqual([[], 'joined', { views: 1, published: 1 }]);
  });

  test('for two seconds is reconnecting, and joined again when it is back: as it was, with nothing set up twice', async () => {
    const { call, webSocket, clock, seen, resume, bound } = await joined();
    const before = call.state;
    webSocket.drop();
    clock.advance(2_000);
    expect(call.state).toEqual({ kind: 'reconnecting', cause: 'socket' });
    expect(seen.told).toEqual(['stateChanged', 'reconnecting']);
    seen.tell({ kind: 'standing', standing: { kind: 'inside' } }); // news of the group make it no more joined than it is
    expect(call.state.kind).toBe('reconnecting');
    resume();
    await settled();
    expect(call.state).toEqual(before);
    expect(seen.told.slice(2)).toEqual(['stateChanged', 'reconnected']);
    expect(bound()).toEqual({ views: 1, published: 1 });
  });

  test('and whose session is gone too is told of that once, and joins anew', async () => {
    const { call, webSocket, webSockets, clock, seen } = await joined();
    webSocket.drop();
    clock.advance(30_000);
    await settled();
    expect(call.state).toEqual({ kind: 'reconnecting', cause: 'socket' });
    expect(seen.told).toEqual(['stateChanged', 'reconnecting']);
    const tries = webSockets.length;
    clock.advance(250); // the join had not held for long
    await settled();
    webSockets.at(-1)?.open();
    await settled();
    expect([webSockets.length, webSockets.at(-1)?.last?.body]).toEqual([
      tries + 1,
      { case: 'hello', value: { token: TOKEN } },
    ]);
    call.leave();
  });

  test('and whose session is gone, in the middle of joining again, is joined as soon as a new one is', async () => {
    const { call, webSocket, webSockets, clock, seen } = await joined();
    webSocket.fact(webSocket.seq + 1, { case: 'mediaLost', value: {} });
    await settled();
    clock.advance(250); // the join is asked again, over the same session
    await settled();
    webSocket.drop();
    clock.advance(2_000);
    await settled();
    const hello = webSockets.at(-1) as FakeWebSocket;
    hello.open();
    hello.refuse(hello.last?.id ?? 0, 'resume-refused');
    await settled();
    clock.advance(500);
    await settled();
    const next = webSockets.at(-1) as FakeWebSocket;
    next.open();
    await settled();
    next.answer(1, { case: 'hello', value: WELCOME });
    await settled();
    next.answer(2, JOINED);
    await settled();
    seen.tell({ kind: 'standing', standing: { kind: 'inside' } });
    expect(call.state.kind).toBe('joined');
    call.leave();
  });

  test('and that is left meanwhile has left', async () => {
    const { call, webSocket, clock, seen } = await joined();
    webSocket.drop();
    clock.advance(1_000);
    call.leave();
    clock.advance(60_000);
    await settled();
    expect(seen.told).toEqual(['stateChanged', 'left']);
    expect(clock.pending).toBe(0);
  });
});
