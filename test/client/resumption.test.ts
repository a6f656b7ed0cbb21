import { describe, expect, test } from 'vitest';
import type { CallError } from '../../src/base/index.ts';
import { Resumption } from '../../src/client/resumption.ts';
import { SignalingSocket } from '../../src/client/signaling-socket.ts';
import { encodeClientFrame } from '../../src/wire/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeWebSocket } from './fake-web-socket.ts';

/** `random` is 0: waits are the shortest possible. */
function begin(random = 0) {
  const clock = new FakeClock();
  const webSockets: FakeWebSocket[] = [];
  /** When each try began, from the loss on. */
  const triedAtMs: number[] = [];
  const outcome: { lastId?: number; error?: CallError } = {};
  let hellos = 0;
  const resumption = new Resumption({
    clock,
    random: () => random,
    windowMs: 30_000,
    openSocket(listener) {
      triedAtMs.push(clock.nowMs() - 1_000);
      const webSocket = new FakeWebSocket();
      webSockets.push(webSocket);
      return new SignalingSocket('wss://calls.example', () => webSocket, listener);
    },
    hello() {
      hellos += 1;
      return encodeClientFrame(hellos, { case: 'hello', value: { token: 'stands for a resume' } });
    },
    resumed(_socket, lastId) {
      outcome.lastId = lastId;
    },
    failed(error) {
      outcome.error = error;
    },
  });
  const last = () => webSockets.at(-1) as FakeWebSocket;
  const answer = (lastId: number) => last().answer(hellos, { case: 'resumed', value: { lastId } });
  const refuse = (code: string, retryable: boolean) =>
    last().answer(hellos, { case: 'refused', value: { code, message: 'no', retryable } });
  return { clock, webSockets, triedAtMs, outcome, resumption, last, answer, refuse };
}

describe('a resumption', () => {
  test.each([
    [0, 0],
    [0.99, 99],
  ])('begins at once, spread over 100 ms: with chance %f after %i ms', (random, ms) => {
    const { clock, triedAtMs } = begin(random);
    clock.advance(ms - 1);
    expect(triedAtMs).toEqual([]);
    clock.advance(1);
    expect(triedAtMs).toEqual([ms]);
  });

  test('asks when the socket is open, and is over when that is answered', () => {
    const { clock, last, answer, outcome, resumption } = begin();
    clock.advance(0);
    expect(last().sent).toEqual([]);
    last().open();
    expect(last().sent.map(({ id }) => id)).toEqual([1]);
    answer(7);
    expect([outcome, clock.pending, last().closed]).toEqual([{ lastId: 7 }, 0, false]);
    resumption.tryNow();
    resumption.close();
    expect([clock.pending, last().closed]).toEqual([0, false]); // the socket is its next user's
  });

  test('of sockets that hang gives each 3, 6 and 10 s, and up in the end', () => {
    const { clock, triedAtMs, webSockets, outcome } = begin();
    clock.advance(29_999);
    expect(triedAtMs).toEqual([0, 3_250, 9_750, 20_750]);
    expect(webSockets.map(({ closeCode }) => closeCode)).toEqual([4000, 4000, 4000, undefined]);
    expect(outcome).toEqual({});
    clock.advance(1);
    expect(outcome.error).toMatchObject({ code: 'unavailable', retryable: true });
    expect([webSockets.at(-1)?.closed, clock.pending]).toEqual([true, 0]);
  });

  test('of sockets that break waits ever longer, 2.5 s at least in the end', () => {
    const { clock, triedAtMs, last, webSockets } = begin();
    for (let ms = 0; ms < 10_000; ms += 50) {
      clock.advance(50);
      if (webSockets.length > 0) last().drop();
    }
    const waits = triedAtMs.map((ms, at) => ms - (triedAtMs[at - 1] ?? 0)).slice(1);
    expect(waits.map((ms) => Math.round(ms / 250) * 250)).toEqual([250, 500, 1_000, 2_000, 2_500, 2_500]);
  });

  test.each([
    ['waits', (webSocket: FakeWebSocket) => webSocket.drop()],
    ['hangs while it opens', () => undefined],
    ['hangs when it has asked', (webSocket: FakeWebSocket) => webSocket.open()],
  ])('that %s tries again at once when the network is back', (_what, before) => {
    const { clock, webSockets, last, resumption } = begin();
    clock.advance(0);
    const hanging = last();
    before(hanging);
    resumption.tryNow();
    expect([webSockets.length, hanging.closed]).toEqual([2, true]);
    hanging.open(); // too late: it is nobody's
    hanging.drop();
    clock.advance(2_999);
    expect(webSockets).toHaveLength(2);
  });

  test.each([
    ['rate-limited', true, undefined],
    ['server-full', true, undefined],
    ['resume-refused', false, 'unavailable'],
    ['replaced', false, 'replaced'],
  ])('that hears %s, retryable: %s, ends with %s', (code, retryable, ended) => {
    const { clock, last, refuse, webSockets, outcome } = begin();
    clock.advance(0);
    last().open();
    refuse(code, retryable);
    expect([outcome.error?.code, webSockets[0]?.closed]).toEqual([ended, true]);
    clock.advance(250);
    expect(webSockets).toHaveLength(ended ? 1 : 2);
  });

  test('that hears what is not a frame ends for good', () => {
    const { clock, last, outcome } = begin();
    clock.advance(0);
    last().open();
    last().deliver('text');
    expect([outcome.error?.code, clock.pending]).toEqual(['malformed', 0]);
  });

  test('that is closed closes what it opened', () => {
    const { clock, last, resumption, outcome, webSockets } = begin();
    clock.advance(0);
    resumption.close();
    clock.advance(60_000);
    expect([last().closed, webSockets.length, clock.pending, outcome]).toEqual([true, 1, 0, {}]);
  });
});
