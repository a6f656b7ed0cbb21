import { describe, expect, test } from 'vitest';
import { CallError, type PeerId } from '../../src/base/index.ts';
import { type CallState, type CallStep, nextState, refused } from '../../src/client/call-state.ts';

const ada = 'ada' as PeerId;
const STATES: Readonly<Record<CallState['kind'], CallState>> = {
  idle: { kind: 'idle' },
  connecting: { kind: 'connecting' },
  joined: { kind: 'joined', peerId: ada, role: 'speaker', moderator: true },
  reconnecting: { kind: 'reconnecting', cause: 'media' },
  left: { kind: 'left', reason: { kind: 'asked' } },
};
const STEPS: Readonly<Record<CallStep['kind'], CallStep>> = {
  'join-asked': { kind: 'join-asked' },
  joined: { kind: 'joined', peerId: 'ada-again' as PeerId, role: 'listener', moderator: false },
  lost: { kind: 'lost', cause: 'socket' },
  ended: { kind: 'ended', reason: { kind: 'unreachable' } },
};

describe('the state of a call', () => {
  test.each<[CallState['kind'], CallStep['kind'], CallState]>([
    ['idle', 'join-asked', { kind: 'connecting' }],
    ['connecting', 'joined', { kind: 'joined', peerId: 'ada-again' as PeerId, role: 'listener', moderator: false }],
    ['reconnecting', 'joined', { kind: 'joined', peerId: 'ada-again' as PeerId, role: 'listener', moderator: false }],
    ['joined', 'lost', { kind: 'reconnecting', cause: 'socket' }],
    ['idle', 'ended', { kind: 'left', reason: { kind: 'unreachable' } }],
    ['connecting', 'ended', { kind: 'left', reason: { kind: 'unreachable' } }],
    ['joined', 'ended', { kind: 'left', reason: { kind: 'unreachable' } }],
    ['reconnecting', 'ended', { kind: 'left', reason: { kind: 'unreachable' } }],
  ])('%s, then %s', (state, step, next) => {
    expect(nextState(STATES[state], STEPS[step])).toEqual(next);
  });

  test.each<[CallState['kind'], CallStep['kind']]>([
    ['idle', 'joined'],
    ['idle', 'lost'],
    ['connecting', 'join-asked'],
    ['connecting', 'lost'],
    ['joined', 'join-asked'],
    ['joined', 'joined'],
    ['reconnecting', 'join-asked'],
    ['reconnecting', 'lost'],
    ['left', 'join-asked'],
    ['left', 'joined'],
    ['left', 'lost'],
    ['left', 'ended'],
  ])('%s stays the same object at %s', (state, step) => {
    expect(nextState(STATES[state], STEPS[step])).toBe(STATES[state]);
  });

  test('a refusal says its code and message, and nothing of its cause', () => {
    const error = new CallError('room-full', 'full', { cause: 'secret' });
    expect(refused(error)).toEqual({ kind: 'refused', code: 'room-full', message: 'full' });
  });
});
