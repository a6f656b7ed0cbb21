import { expect, test } from 'vitest';
import { randomId, shortId } from '../../src/base/index.ts';

test('a random id is 22 characters that a URL takes as they are', () => {
  for (let i = 0; i < 1_000; i += 1) expect(randomId()).toMatch(/^[A-Za-z0-9_-]{22}$/);
});

test('a log shows six characters of an id', () => {
  expect(shortId('abcdefghijklmnop')).toBe('abcdef');
});
