import { expect, test } from 'vitest';
import { CallError } from '../../src/base/index.ts';
import { Seats } from '../../src/sfu/seats.ts';

test('who comes when all seats are taken is told the code, until one is given back, which counts once', () => {
  const seats = new Seats(2, 'room-full');
  const giveBack = seats.take();
  seats.take();
  expect(() => seats.take()).toThrow(expect.objectContaining({ code: 'room-full' } satisfies Partial<CallError>));
  giveBack();
  giveBack();
  expect(seats.taken).toBe(1);
  seats.take();
  expect(() => seats.take()).toThrow(CallError);
});
