import type { DeviceId, UserId } from '../../base/index.ts';
import { deviceKeyOf } from './device-key.ts';

/** One device in the group. Its user is the server's word; its key is what a person verified. */
export interface PersonDevice {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly signatureKey: Uint8Array;
}

/**
 * What this device remembers between calls: the signature keys under which a person was verified, as hexadecimal text.
 */
export type VerifiedPeople = ReadonlyMap<UserId, ReadonlySet<string>>;

/**
 * How well we know who somebody is, all their devices in this call taken together.
 *
 *     new ──marked──> verified <──marked── changed-device
 *                        └──a device with another key comes──^
 */
export type Standing =
  | { readonly kind: 'verified' }
  /** Never verified on this device. */
  | { readonly kind: 'new' }
  /** Verified once, but these devices came with keys that were not: a new phone, or somebody else. */
  | { readonly kind: 'changed-device'; readonly deviceIds: readonly DeviceId[] };

/** One standing per person in the call. */
export function standings(devices: readonly PersonDevice[], verified: VerifiedPeople): ReadonlyMap<UserId, Standing> {
  return new Map([...devicesByUser(devices)].map(([userId, own]) => [userId, standingOf(own, verified.get(userId))]));
}

/** Those who are still here under the same user and key: who left, came or changed keys since is not meant. */
export function whoStayed(devices: readonly PersonDevice[], present: readonly PersonDevice[]): readonly PersonDevice[] {
  const here = devicesByUser(present);
  return devices.filter((device) => here.get(device.userId)?.some((each) => deviceKeyOf(each) === deviceKeyOf(device)));
}

/**
 * After people compared the code: these devices are verified beside what was before. Hand in the members of the epoch
 * that the code was made in: who came later is what is new.
 */
export function markVerified(verified: VerifiedPeople, devices: readonly PersonDevice[]): VerifiedPeople {
  const marked = [...devicesByUser(devices)].map(
    ([userId, own]) => [userId, new Set([...(verified.get(userId) ?? []), ...own.map(deviceKeyOf)])] as const,
  );
  return new Map([...verified, ...marked]);
}

function standingOf(devices: readonly PersonDevice[], keys: ReadonlySet<string> | undefined): Standing {
  if (keys === undefined) return { kind: 'new' };
  const unknown = devices.filter((device) => !keys.has(deviceKeyOf(device)));
  if (unknown.length === 0) return { kind: 'verified' };
  return { kind: 'changed-device', deviceIds: unknown.map(({ deviceId }) => deviceId) };
}

function devicesByUser(devices: readonly PersonDevice[]): ReadonlyMap<UserId, readonly PersonDevice[]> {
  const byUser = new Map<UserId, PersonDevice[]>();
  for (const device of devices) byUser.set(device.userId, [...(byUser.get(device.userId) ?? []), device]);
  return byUser;
}
