import { expect, test } from 'vitest';
import { CallError } from '../../src/base/index.ts';

test('an error of ours passes as it is', () => {
  const error = new CallError('room-full', 'room holds 2 peers');
  expect(CallError.from(error)).toBe(error);
});

test('any other error becomes internal: its cause is kept, its words are not told', () => {
  const cause = new Error('secret at line 7');
  const error = CallError.from(cause);
  expect(error).toMatchObject({ code: 'internal', cause, retryable: true });
  expect(error.message).not.toContain('secret');
});

test('a full room may have a place later, a wrong room never', () => {
  expect(new CallError('room-full', '').retryable).toBe(true);
  expect(new CallError('wrong-room', '').retryable).toBe(false);
});
