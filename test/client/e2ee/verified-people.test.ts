import { describe, expect, test } from 'vitest';
import type { DeviceId, UserId } from '../../../src/base/index.ts';
import {
  markVerified,
  type PersonDevice,
  standings,
  type VerifiedPeople,
  whoStayed,
} from '../../../src/client/e2ee/verified-people.ts';

const NOBODY: VerifiedPeople = new Map();
const device = (user: string, name: string, key: number): PersonDevice => ({
  userId: user as UserId,
  deviceId: name as DeviceId,
  signatureKey: new Uint8Array(32).fill(key),
});
const phone = device('ada', 'phone', 1);
const laptop = device('ada', 'laptop', 2);
const standingOf = (devices: readonly PersonDevice[], verified: VerifiedPeople, user = 'ada') =>
  standings(devices, verified).get(user as UserId);

describe('verified people', () => {
  test('somebody never verified is new', () => {
    expect(standingOf([phone], NOBODY)).toEqual({ kind: 'new' });
  });

  test('after the code was compared they are verified, in this call and the next', () => {
    expect(standingOf([phone], markVerified(NOBODY, [phone]))).toEqual({ kind: 'verified' });
  });

  test('a device with another key is named', () => {
    const verified = markVerified(NOBODY, [phone]);
    expect(standingOf([phone, laptop], verified)).toEqual({ kind: 'changed-device', deviceIds: ['laptop'] });
  });

  test('so is a known device whose key is another', () => {
    const verified = markVerified(NOBODY, [phone]);
    const reborn = device('ada', 'phone', 9);
    expect(standingOf([reborn], verified)).toEqual({ kind: 'changed-device', deviceIds: ['phone'] });
  });

  test('marking adds: yesterday’s devices stay verified', () => {
    const verified = markVerified(markVerified(NOBODY, [phone]), [laptop]);
    expect(standingOf([phone, laptop], verified)).toEqual({ kind: 'verified' });
  });

  test('a verified key under another name verifies nobody', () => {
    const verified = markVerified(NOBODY, [phone]);
    expect(standingOf([{ ...phone, userId: 'ben' as UserId }], verified, 'ben')).toEqual({ kind: 'new' });
  });

  test('who left, came or has another key is not among those who stayed', () => {
    const ben = device('ben', 'phone', 7);
    expect(whoStayed([phone, laptop, ben], [phone, { ...laptop, signatureKey: ben.signatureKey }])).toEqual([phone]);
    expect(whoStayed([phone], [{ ...phone, userId: 'ben' as UserId }])).toEqual([]);
  });

  test('a newcomer changes nothing about the others', () => {
    const verified = markVerified(NOBODY, [phone]);
    const people = standings([phone, device('ben', 'phone', 7)], verified);
    expect([...people]).toEqual([
      ['ada', { kind: 'verified' }],
      ['ben', { kind: 'new' }],
    ]);
  });

  test('what was remembered is not changed under the hands of its holder', () => {
    const before = markVerified(NOBODY, [phone]);
    markVerified(before, [laptop]);
    expect(before.get('ada' as UserId)?.size).toBe(1);
  });

  test('and outlives a structured clone, as IndexedDB makes one', () => {
    const verified = structuredClone(markVerified(NOBODY, [phone]));
    expect(standingOf([phone], verified)).toEqual({ kind: 'verified' });
  });
});
