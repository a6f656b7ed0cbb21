import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { firstLanIp } from '../src/machine.ts';

const address = (family: 'IPv4' | 'IPv6', internal: boolean, address: string) =>
  ({ family, internal, address }) as NetworkInterfaceInfo;
const LOOPBACK = [address('IPv4', true, '127.0.0.1'), address('IPv6', true, '::1')];

test('the address in the network is the first IPv4 that is not loopback', () => {
  const eth0 = [address('IPv6', false, 'fe80::1'), address('IPv4', false, '192.0.2.7')];
  expect(firstLanIp({ lo: LOOPBACK, eth0, eth1: [address('IPv4', false, '192.0.2.8')] })).toBe('192.0.2.7');
});

test('a machine on no network has none', () => {
  expect(firstLanIp({ lo: LOOPBACK, down: undefined })).toBeUndefined();
});
