import { describe, expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../src/config.ts';

const MACHINE = { cpus: 4, lanIp: '192.0.2.7' };
const parse = (env: Record<string, string> = {}) => parseConfig(env, MACHINE);

describe('with no setting at all', () => {
  test('the page is on loopback, port 4400', () => {
    expect(parse()).toMatchObject({ host: '127.0.0.1', port: 4400, tokenKeysFile: undefined });
  });

  test('media is received on loopback and, for Firefox, on the address in the network, where there is one', () => {
    expect(parse().mediaIps).toEqual(['127.0.0.1', '192.0.2.7']);
    expect(parseConfig({}, { ...MACHINE, lanIp: undefined }).mediaIps).toEqual(['127.0.0.1']);
  });

  test('there is a worker per core', () => {
    expect(parse().workers).toBe(4);
  });

  test('the answer is frozen', () => {
    expect(Object.isFrozen(parse())).toBe(true);
  });
});

describe('a setting from the environment', () => {
  test('is taken as its type', () => {
    expect(parse({ CONCLAVE_PORT: '5000', CONCLAVE_WORKERS: '2' })).toMatchObject({ port: 5000, workers: 2 });
  });

  test.each([
    ['CONCLAVE_PORT', '70000'],
    ['CONCLAVE_PORT', 'http'],
    ['CONCLAVE_WORKERS', '0'],
    ['CONCLAVE_WORKERS', '1.5'],
    ['CONCLAVE_MEDIA_IP', 'localhost'],
    ['CONCLAVE_MEDIA_IP', '127.0.0.1,'],
    ['CONCLAVE_LOG_LEVEL', 'loud'],
    ['CONCLAVE_MAX_ROOMS', '-1'],
    ['CONCLAVE_MAX_HEARD', '51'],
    ['CONCLAVE_MAX_LOAD', '0'],
    ['CONCLAVE_MAX_LOAD', '85'],
    ['CONCLAVE_NEXT_SERVER', 'calls.example'],
    ['CONCLAVE_NEXT_SERVER', 'javascript:alert(1)'],
    ['CONCLAVE_WEBHOOK_URL', 'backend.example'],
    ['CONCLAVE_WEBHOOK_URL', 'https://user:word@backend.example'],
  ])('%s=%s is refused by name', (name, value) => {
    expect(() => parse({ [name]: value })).toThrow(ConfigError);
    expect(() => parse({ [name]: value })).toThrow(name);
  });

  test('that does not exist is refused, so that a slip is not silent', () => {
    expect(() => parse({ CONCLAVE_PROT: '5000' })).toThrow('CONCLAVE_PROT is not a setting');
  });

  test('of a webhook is an address and a secret, never one alone', () => {
    const url = { CONCLAVE_WEBHOOK_URL: 'https://backend.example/events' };
    const file = { CONCLAVE_WEBHOOK_SECRET_FILE: '/run/secret' };
    expect(parse({ ...url, ...file })).toMatchObject({ webhookUrl: url.CONCLAVE_WEBHOOK_URL });
    for (const alone of [url, file]) expect(() => parse({ ...alone })).toThrow('go together');
  });

  test('of another program is none of ours', () => {
    expect(() => parse({ PATH: '/bin', PORT: '9' })).not.toThrow();
  });

  test('to listen for media everywhere needs an address to announce', () => {
    expect(() => parse({ CONCLAVE_MEDIA_IP: '0.0.0.0' })).toThrow('CONCLAVE_ANNOUNCED_ADDRESS');
    const announced = { CONCLAVE_MEDIA_IP: '0.0.0.0', CONCLAVE_ANNOUNCED_ADDRESS: 'sfu.example' };
    expect(parse(announced)).toMatchObject({ mediaIps: ['0.0.0.0'], announcedAddress: 'sfu.example' });
  });

  test('an announced address stands for one address only', () => {
    expect(() => parse({ CONCLAVE_ANNOUNCED_ADDRESS: 'sfu.example' })).toThrow('CONCLAVE_MEDIA_IP');
    expect(parse({ CONCLAVE_MEDIA_IP: '192.0.2.7, 2001:db8::7' }).mediaIps).toEqual(['192.0.2.7', '2001:db8::7']);
  });
});
