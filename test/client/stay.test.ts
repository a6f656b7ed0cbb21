import { describe, expect, test } from 'vitest';
import { CallError, type CallErrorCode, Scope } from '../../src/base/index.ts';
import type { LeftReason } from '../../src/client/call-state.ts';
import { Pending } from '../../src/client/pending.ts';
import { type Loss, stay } from '../../src/client/stay.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { settled } from '../support/settled.ts';

class FakeSession {
  closed = false;
  awaySinceMs: number | undefined;
  close(): void {
    this.closed = true;
  }
}

class FakeMedia {
  readonly #lost = new Pending<Loss>();
  readonly lost = this.#lost.promise;
  closed = false;
  lose(cause: Loss['cause'], code: CallErrorCode = 'unavailable'): void {
    this.#lost.resolve({ cause, error: new CallError(code, 'gone') });
  }
  close(): void {
    this.closed = true;
  }
}

/** A stay of which the test is network and server. `random` is 0: waits are the shortest possible. */
function begin() {
  const clock = new FakeClock();
  const scope = new Scope();
  const sessions: FakeSession[] = [];
  const joins: Pending<FakeMedia>[] = [];
  const told: string[] = [];
  const seen: { reason?: LeftReason; refuseSession?: CallError | undefined } = {};
  const ended = stay<FakeSession, FakeMedia>(
    {
      openSession: async () => {
        if (seen.refuseSession) throw seen.refuseSession;
        const session = new FakeSession();
        sessions.push(session);
        return session;
      },
      joinRoom: () => {
        const join = new Pending<FakeMedia>();
        joins.push(join);
        return join.promise;
      },
      joined: () => told.push('joined'),
      lost: (cause) => told.push(`lost ${cause}`),
    },
    { clock, random: () => 0, scope },
  ).then((reason) => {
    seen.reason = reason;
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settled();
  };
  return {
    clock,
    scope,
    sessions,
    joins,
    told,
    seen,
    ended,
    pass,
    /** Lets the join that is under way succeed. */
    async join(): Promise<FakeMedia> {
      await settled();
      const media = new FakeMedia();
      joins.at(-1)?.resolve(media);
      await settled();
      return media;
    },
    async refuse(code: CallErrorCode): Promise<void> {
      await settled();
      joins.at(-1)?.reject(new CallError(code, 'no'));
      await settled();
    },
    async lose(media: FakeMedia, cause: Loss['cause']): Promise<void> {
      if (cause === 'socket') sessions.at(-1)?.close();
      media.lose(cause);
      await settled();
    },
  };
}

describe('a stay', () => {
  test.each<CallErrorCode>(['room-full', 'wrong-room', 'unavailable'])(
    'the first join is tried once, whatever refuses it, and its session is let go: %s',
    async (code) => {
      const { refuse, ended, seen, sessions, clock } = begin();
      await refuse(code);
      await ended;
      expect(seen.reason).toEqual({ kind: 'refused', code, message: 'no' });
      expect([sessions.map(({ closed }) => closed), clock.pending]).toEqual([[true], 0]);
    },
  );

  test('what is not a CallError counts as internal', async () => {
    const { joins, ended, seen } = begin();
    await settled();
    joins[0]?.reject(new TypeError('oops'));
    await ended;
    expect(seen.reason).toMatchObject({ kind: 'refused', code: 'internal' });
  });

  test('media that is lost is joined again at once on the same session', async () => {
    const { join, lose, pass, sessions, joins, told } = begin();
    const media = await join();
    await pass(60_000);
    await lose(media, 'media');
    expect([media.closed, joins.length]).toEqual([true, 1]);
    await pass(0);
    await join();
    expect(told).toEqual(['joined', 'lost media', 'joined']);
    expect([sessions.length, joins.length]).toEqual([1, 2]);
  });

  test('a socket that is lost is followed by a new session', async () => {
    const { join, lose, pass, sessions, told } = begin();
    const media = await join();
    await pass(60_000);
    await lose(media, 'socket');
    await pass(0);
    await join();
    expect(told).toEqual(['joined', 'lost socket', 'joined']);
    expect(sessions.map(({ closed }) => closed)).toEqual([true, false]);
  });

  test('a loss for good ends it, with the reason', async () => {
    const { join, ended, seen, told } = begin();
    (await join()).lose('socket', 'replaced');
    await ended;
    expect(seen.reason).toEqual({ kind: 'refused', code: 'replaced', message: 'gone' });
    expect(told).toEqual(['joined']);
  });

  test('later joins that are refused for now are tried ever more slowly; one refused for good ends it', async () => {
    const { join, lose, pass, refuse, joins, seen, sessions } = begin();
    const media = await join();
    await pass(60_000);
    await lose(media, 'media');
    await pass(0);
    for (const waitMs of [250, 500, 1_000, 2_000, 2_500, 2_500]) {
      const tries = joins.length;
      await refuse('unavailable');
      await pass(waitMs - 1);
      expect(joins).toHaveLength(tries);
      await pass(1);
      expect(joins).toHaveLength(tries + 1);
    }
    await refuse('wrong-room');
    expect(seen.reason).toMatchObject({ kind: 'refused', code: 'wrong-room' });
    expect(sessions.map(({ closed }) => closed)).toEqual([true]);
  });

  test('a minute without coming back is the end', async () => {
    const { join, lose, pass, seen } = begin();
    const media = await join();
    await pass(10_000);
    seen.refuseSession = new CallError('unavailable', 'no network');
    await lose(media, 'socket');
    for (let second = 0; second < 60; second += 1) await pass(1_000);
    expect(seen.reason).toBeUndefined();
    for (let second = 0; second < 3; second += 1) await pass(1_000);
    expect(seen.reason).toEqual({ kind: 'unreachable' });
  });

  test('of that minute, what the session spent in search of another socket is a part', async () => {
    const { join, lose, pass, seen, sessions, clock } = begin();
    const media = await join();
    await pass(10_000);
    seen.refuseSession = new CallError('unavailable', 'no network');
    Object.assign(sessions[0] as FakeSession, { awaySinceMs: clock.nowMs() });
    await pass(30_000);
    await lose(media, 'socket');
    for (let second = 0; second < 29; second += 1) await pass(1_000);
    expect(seen.reason).toBeUndefined();
    for (let second = 0; second < 4; second += 1) await pass(1_000);
    expect(seen.reason).toEqual({ kind: 'unreachable' });
  });

  test('a join that held for ten seconds starts the minute anew', async () => {
    const { join, lose, pass, seen, joins } = begin();
    let media = await join();
    for (let round = 0; round < 20; round += 1) {
      await pass(10_000);
      await lose(media, 'media');
      await pass(0);
      media = await join();
    }
    expect(seen.reason).toBeUndefined();
    expect(joins).toHaveLength(21);
  });

  test('joins that break at once are tried ever more slowly, and not for ever', async () => {
    const { join, lose, pass, joins, clock, seen } = begin();
    const begunMs = clock.nowMs();
    while (!seen.reason) {
      const media = await join();
      await lose(media, 'media');
      await pass(2_500);
    }
    expect(seen.reason).toEqual({ kind: 'unreachable' });
    expect(joins.length).toBeLessThan(30);
    expect(clock.nowMs() - begunMs).toBeLessThan(70_000);
  });
});

describe('leaving', () => {
  test('while joined closes media and session', async () => {
    const { join, scope, ended, seen, sessions } = begin();
    const media = await join();
    scope.close();
    expect([media.closed, sessions[0]?.closed]).toEqual([true, true]);
    media.lose('socket');
    await ended;
    expect(seen.reason).toEqual({ kind: 'asked' });
  });

  test('while the session opens closes it and does not join', async () => {
    const { scope, ended, seen, sessions, joins } = begin();
    scope.close();
    await ended;
    expect([sessions[0]?.closed, joins.length, seen.reason?.kind]).toEqual([true, 0, 'asked']);
  });

  test('while a join is under way tells nobody of it, and closes what it brought', async () => {
    const { scope, join, ended, seen, told } = begin();
    await settled();
    scope.close();
    const media = await join();
    await ended;
    expect([media.closed, told, seen.reason?.kind]).toEqual([true, [], 'asked']);
  });

  test('while waiting for the next try ends the wait', async () => {
    const { join, lose, scope, ended, seen, clock } = begin();
    await lose(await join(), 'media');
    expect(clock.pending).toBe(1);
    scope.close();
    await ended;
    expect([clock.pending, seen.reason?.kind]).toEqual([0, 'asked']);
  });
});
