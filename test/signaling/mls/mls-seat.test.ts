import { expect, test } from 'vitest';
import { type DeviceId, type MemberId, type RoomId, silentLog, type UserId } from '../../../src/base/index.ts';
import { Metrics } from '../../../src/ops/index.ts';
import { SIGNALING_LIMITS } from '../../../src/signaling/index.ts';
import { MlsRooms } from '../../../src/signaling/mls/mls-rooms.ts';
import { MlsSeat } from '../../../src/signaling/mls/mls-seat.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const clock = new FakeClock();
const rooms = new MlsRooms({ clock, log: silentLog, metrics: new Metrics() });

function take(name: string, { isAttached }: { readonly isAttached: boolean }) {
  const told: string[] = [];
  const outbox = { isAttached, fact: (fact: { readonly case: string }) => told.push(fact.case), holdFacts() {} };
  const member = { memberId: name as MemberId, userId: name as UserId, deviceId: 'phone' as DeviceId };
  const seat = new MlsSeat({ rooms, roomId: 'room' as RoomId, member, outbox, rates: SIGNALING_LIMITS.mls, clock });
  seat.offer({ keyPackage: new Uint8Array([1]) });
  return { seat, told };
}

test('who loses its socket with the offer on its way is away from the first, until it is back', () => {
  const ann = take('ann', { isAttached: false });
  ann.seat.epochReached({ epoch: 0 });
  const bob = take('bob', { isAttached: true });
  clock.advance(10_000);
  expect(ann.told).toEqual(['groupWanted', 'epochReady']);
  ann.seat.back();
  expect(ann.told.at(-1)).toBe('commitWanted');
  bob.seat.leave();
  ann.seat.leave();
  expect([rooms.size, clock.pending]).toEqual([0, 0]);
  ann.seat.away(); // outside it is nobody's business
  ann.seat.back();
});
