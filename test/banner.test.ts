import { expect, test } from 'vitest';
import { banner, type Standing } from '../src/banner.ts';

const STANDING: Standing = {
  host: '127.0.0.1',
  port: 4400,
  opsHost: '127.0.0.1',
  opsPort: 4401,
  mediaIps: ['127.0.0.1', '192.0.2.7'],
  announcedAddress: undefined,
  workerPorts: [44400, 44401],
  batchingWorkers: 2,
  gso: 'on',
  invitePath: '/call/abc',
  startedInMs: 840,
};

test('says where the page is, an invite that can be opened, the ports and the workers', () => {
  const text = banner(STANDING);
  expect(text).toContain('page      http://localhost:4400/\n');
  expect(text).toContain('invite    http://localhost:4400/call/abc\n');
  expect(text).toContain('127.0.0.1 and 192.0.2.7, UDP and TCP 44400-44401');
  expect(text).toContain('workers   2, sending bursts in one call');
});

test('says why packets are sent one by one', () => {
  expect(banner({ ...STANDING, batchingWorkers: 0, gso: 'off' })).toContain('packet by packet (CONCLAVE_GSO=off)');
  expect(banner({ ...STANDING, batchingWorkers: 0 })).toContain('packet by packet (this worker or this kernel has no');
});

test('says that the signing key is for development, louder when others can reach it', () => {
  expect(banner(STANDING)).toContain('it is for development');
  expect(banner(STANDING)).not.toContain('WARNING');
  expect(banner({ ...STANDING, host: '0.0.0.0' })).toContain('WARNING');
});

test('has neither invite nor warning when a backend signs the tokens', () => {
  const text = banner({ ...STANDING, host: '0.0.0.0', invitePath: undefined });
  expect(text).not.toMatch(/invite|development|WARNING/);
});

test('says who cannot join while media is on loopback', () => {
  expect(banner(STANDING)).not.toContain('Firefox');
  expect(banner({ ...STANDING, mediaIps: ['127.0.0.1'] })).toContain('Firefox');
  expect(banner({ ...STANDING, mediaIps: ['127.0.0.1'], announcedAddress: 'sfu.example' })).not.toContain('Firefox');
});
