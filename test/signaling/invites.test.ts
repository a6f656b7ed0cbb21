import { describe, expect, test } from 'vitest';
import type { RoomId, UserId } from '../../src/base/index.ts';
import { Invites } from '../../src/signaling/invites.ts';
import { FakeClock } from '../support/fake-clock.ts';

const RATE = { perSecond: 0.1, burst: 3 };
const invite = (room: string) => ({ roomId: room as RoomId, from: 'ann' as UserId, to: 'bob' as UserId });

function open() {
  const clock = new FakeClock();
  const told: unknown[] = [];
  const invites = new Invites({ webhook: { tell: async (event) => void told.push(event) }, rate: RATE, clock });
  return { clock, told, invites };
}

describe('invites of a room', () => {
  test('go to the backend with ids and nothing else', async () => {
    const { invites, told } = open();
    await invites.send(invite('room'));
    expect(told).toEqual([{ type: 'call.invited', fields: { room: 'room', from: 'ann', to: 'bob' } }]);
  });

  test('are limited together, and those of another room are not', async () => {
    const { invites, told, clock } = open();
    for (let count = 0; count < 3; count += 1) await invites.send(invite('room'));
    await expect(invites.send(invite('room'))).rejects.toMatchObject({ code: 'rate-limited', retryable: true });
    await invites.send(invite('other'));
    clock.advance(10_000);
    await invites.send(invite('room'));
    expect(told).toHaveLength(5);
  });

  test('are forgotten when they count no more', async () => {
    const { invites, clock } = open();
    for (let room = 0; room < 100; room += 1) await invites.send(invite(`room-${room}`));
    expect(invites.rooms).toBe(100);
    clock.advance(30_000);
    await invites.send(invite('room'));
    expect(invites.rooms).toBe(1);
  });

  test('are refused where there is no backend', async () => {
    const invites = new Invites({ webhook: undefined, rate: RATE, clock: new FakeClock() });
    await expect(invites.send(invite('room'))).rejects.toMatchObject({ code: 'unavailable' });
  });
});
