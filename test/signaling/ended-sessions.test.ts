import { expect, test } from 'vitest';
import type { SessionId } from '../../src/base/index.ts';
import { EndedSessions } from '../../src/signaling/ended-sessions.ts';
import { FakeClock } from '../support/fake-clock.ts';

const secretOf = (id: string) => new Uint8Array(32).fill(id.length);
const asked = (id: string, secret = secretOf(id)) => ({ sessionId: id as SessionId, secret, lastSeq: 0 });

function open() {
  const clock = new FakeClock();
  const sessions = new EndedSessions(clock, 30_000);
  const end = (id: string) => sessions.add(id as SessionId, secretOf(id), 'replaced');
  return { clock, sessions, end };
}

test('why a session ended is for whoever has its secret, as often as it asks', () => {
  const { sessions, end } = open();
  end('s1');
  for (let time = 0; time < 2; time += 1) expect(sessions.whyEnded(asked('s1'))).toMatchObject({ code: 'replaced' });
  expect(sessions.whyEnded(asked('s1', new Uint8Array(32)))).toBeUndefined();
  expect(sessions.whyEnded(asked('s2'))).toBeUndefined();
});

test('it is known as long as somebody may come back, and forgotten then', () => {
  const { clock, sessions, end } = open();
  end('s1');
  clock.advance(29_999);
  expect(sessions.whyEnded(asked('s1'))).toBeDefined();
  clock.advance(1);
  expect(sessions.whyEnded(asked('s1'))).toBeUndefined();
  end('s22');
  expect(sessions.size).toBe(1);
});

test('the oldest of more than 4,000 is forgotten', () => {
  const { sessions, end } = open();
  for (let at = 0; at <= 4_000; at += 1) end(`${at}`);
  expect(sessions.size).toBe(4_000);
  expect([sessions.whyEnded(asked('0')), sessions.whyEnded(asked('1'))?.code]).toEqual([undefined, 'replaced']);
});
