import { describe, expect, test } from 'vitest';
import type { DeviceId, UserId } from '../../../src/base/index.ts';
import { type Compared, ShownCodes } from '../../../src/client/e2ee/shown-codes.ts';

const digits = (epoch: number): Compared => ({ kind: 'digits', epoch });
const emoji = (round: number): Compared => ({ kind: 'emoji', round });
const devices = (key: number) => [
  { userId: 'ada' as UserId, deviceId: 'phone' as DeviceId, signatureKey: new Uint8Array(32).fill(key) },
];

describe('shown codes', () => {
  test('digits and emoji of the same number are two codes', () => {
    const shown = new ShownCodes();
    shown.show(digits(1), devices(1));
    shown.show(emoji(1), devices(2));
    expect([shown.devicesIn(digits(1)), shown.devicesIn(emoji(1))]).toEqual([devices(1), devices(2)]);
    expect([shown.devicesIn(digits(2)), shown.devicesIn(emoji(2))]).toEqual([[], []]);
  });

  test('the last four count', () => {
    const shown = new ShownCodes();
    for (let epoch = 1; epoch <= 5; epoch += 1) shown.show(digits(epoch), devices(epoch));
    expect([1, 2, 5].map((epoch) => shown.devicesIn(digits(epoch)).length)).toEqual([0, 1, 1]);
  });
});
