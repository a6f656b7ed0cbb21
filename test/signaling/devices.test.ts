import { describe, expect, test } from 'vitest';
import type { DeviceId, RoomId, UserId } from '../../src/base/index.ts';
import { Devices } from '../../src/signaling/devices.ts';
import type { TokenClaims } from '../../src/signaling/token-claims.ts';

function claims(room: string, user: string, device: string): TokenClaims {
  const ids = { room: room as RoomId, sub: user as UserId, device: device as DeviceId };
  return { ...ids, jti: 'j', iat: 0, exp: 0, role: 'speaker' };
}

function holder() {
  const seen = { replaced: 0 };
  return {
    seen,
    replace() {
      seen.replaced += 1;
    },
  };
}

describe('devices', () => {
  test('the newer session replaces the older one, once', () => {
    const devices = new Devices();
    const [older, newer] = [holder(), holder()];
    devices.claim(claims('r', 'u', 'd'), older);
    devices.claim(claims('r', 'u', 'd'), newer);
    expect([older.seen.replaced, newer.seen.replaced]).toEqual([1, 0]);
  });

  test.each([
    ['another room', claims('r2', 'u', 'd')],
    ['another user', claims('r', 'u2', 'd')],
    ['another device', claims('r', 'u', 'd2')],
  ])('%s replaces nothing', (_what, other) => {
    const devices = new Devices();
    const older = holder();
    devices.claim(claims('r', 'u', 'd'), older);
    devices.claim(other, holder());
    expect(older.seen.replaced).toBe(0);
  });

  test('a session that joins again does not replace itself', () => {
    const devices = new Devices();
    const same = holder();
    devices.claim(claims('r', 'u', 'd'), same);
    devices.claim(claims('r', 'u', 'd'), same);
    expect(same.seen.replaced).toBe(0);
  });

  test('the replaced one cannot release its successor', () => {
    const devices = new Devices();
    const [older, newer, newest] = [holder(), holder(), holder()];
    devices.claim(claims('r', 'u', 'd'), older);
    devices.claim(claims('r', 'u', 'd'), newer);
    devices.release(claims('r', 'u', 'd'), older);
    devices.claim(claims('r', 'u', 'd'), newest);
    expect(newer.seen.replaced).toBe(1);
  });
});
