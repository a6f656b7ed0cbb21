import { expect, test } from 'vitest';
import { watchLine } from '../../src/client/line-watch.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { settled } from '../support/settled.ts';

/** A line that carries until the test says otherwise, and a socket that answers. */
function open() {
  const clock = new FakeClock();
  const line = { flows: true, bytes: 0, fails: false };
  const told: string[] = [];
  const stop = watchLine({
    clock,
    receivedBytes: async () => {
      if (line.fails) throw new Error('closed');
      if (line.flows) line.bytes += 100;
      return [line.bytes, line.bytes];
    },
    link: { standing: { socketIsUp: true, socketLostAtMs: undefined }, suspect: () => told.push('suspect') },
    lost: () => told.push('lost'),
  });
  const pass = async (ms: number) => {
    for (let passedMs = 0; passedMs < ms; passedMs += 100) {
      clock.advance(100);
      await settled();
    }
  };
  return { clock, line, told, stop, pass };
}

test('a line that falls silent: the socket is asked first, then the media is lost, each once', async () => {
  const { line, told, pass } = open();
  await pass(4_000);
  line.flows = false;
  await pass(1_000);
  expect(told).toEqual(['suspect']);
  await pass(10_000);
  expect(told).toEqual(['suspect', 'lost']);
});

test('every silence is noticed', async () => {
  const { line, told, pass } = open();
  for (let time = 0; time < 2; time += 1) {
    line.flows = true;
    await pass(4_000);
    line.flows = false;
    await pass(4_000);
  }
  expect(told).toEqual(['suspect', 'lost', 'suspect', 'lost']);
});

test('a path that cannot be asked just now says nothing', async () => {
  const { line, told, pass } = open();
  await pass(4_000);
  line.fails = true;
  await pass(4_000);
  expect(told).toEqual([]);
});

test('who stopped hears nothing, and no timer stays', async () => {
  const { clock, line, told, stop, pass } = open();
  await pass(4_000);
  line.flows = false;
  stop();
  await pass(4_000);
  expect([told, clock.pending]).toEqual([[], 0]);
});
