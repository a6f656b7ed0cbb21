import * as z from 'zod';
import type { Machine } from './machine.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const count = z.coerce.number().int().min(1);
const text = z.string().min(1);
const ips = z
  .string()
  .transform((list) => list.split(',').map((ip) => ip.trim()))
  .pipe(z.array(z.union([z.ipv4(), z.ipv6()])));

/** What clients take. */
const MAX_URL_CHARS = 2_048;

/** A worker per core by default; more only take turns. The port range printed for firewalls grows with it. */
const MAX_WORKERS = 64;

/** More voices at once are noise, and every listener pays for each: this is five times the default. */
const MAX_HEARD = 50;

const settings = (machine: Machine) => ({
  /** Where the page and the signaling listen. Loopback by default, because the default signing key is for development. */
  CONCLAVE_HOST: text.default('127.0.0.1'),
  CONCLAVE_PORT: port.default(4400),
  /** Metrics and health: private. */
  CONCLAVE_METRICS_HOST: text.default('127.0.0.1'),
  CONCLAVE_METRICS_PORT: port.default(4401),
  /** Where media is received: addresses of this machine, with commas. Firefox refuses loopback, so the default has both. */
  CONCLAVE_MEDIA_IP: ips.default(['127.0.0.1', ...(machine.lanIp ? [machine.lanIp] : [])]),
  /** Worker i listens on this port + i, UDP and TCP. */
  CONCLAVE_MEDIA_PORT: port.default(44_400),
  /** The address that clients are told in place of CONCLAVE_MEDIA_IP: behind NAT, or when that is 0.0.0.0. */
  CONCLAVE_ANNOUNCED_ADDRESS: text.optional(),
  CONCLAVE_WORKERS: count.max(MAX_WORKERS).default(Math.min(machine.cpus, MAX_WORKERS)),
  /** The mediasoup-worker to run; npm start sets it. */
  CONCLAVE_WORKER_BIN: text.optional(),
  /** Whether a worker of our own build may send several packets to a receiver in one call. The workers read it themselves. */
  CONCLAVE_GSO: z.enum(['on', 'off']).default('on'),
  /** Public keys (a JWKS file) of whoever signs tokens. Without it a key is made at start and tokens are given to anybody who asks. */
  CONCLAVE_TOKEN_KEYS: text.optional(),
  CONCLAVE_MAX_ROOMS: count.default(1_000),
  CONCLAVE_MAX_PEERS: count.default(2_000),
  /** Those who may speak. */
  CONCLAVE_MAX_PEERS_PER_ROOM: count.default(200),
  /** Microphones that a room hears at the same time. */
  CONCLAVE_MAX_HEARD: count.max(MAX_HEARD).default(10),
  /** Above all speakers' seats by what the keys' messages carry: a commit has 192 KiB at most, 85 kB in a group of 250. */
  CONCLAVE_MAX_LISTENERS_PER_ROOM: count.default(300),
  /**
   * A worker with so many is full, and its rooms grow on another. At 50 packets a second each and 13 to 20 us a packet that is
   * a third to a half of a core: the rest is for what comes in, for bursts of key frames and for pipes.
   */
  CONCLAVE_CONSUMERS_PER_WORKER: count.default(500),
  /** The load ratio, 0 to 1, at which new rooms are refused: the rest is for the rooms that run to grow into. */
  CONCLAVE_MAX_LOAD: z.coerce.number().min(0.1).max(1).default(0.85),
  /** Where who wants a new room is sent when this server is full. */
  CONCLAVE_NEXT_SERVER: z
    .url({ protocol: /^https?$/ })
    .max(MAX_URL_CHARS)
    .optional(),
  /** Where the backend takes events, such as that somebody is to be rung. Both or neither; no name and password in it. */
  CONCLAVE_WEBHOOK_URL: z
    .url({ protocol: /^https?$/ })
    .max(MAX_URL_CHARS)
    .refine((url) => !/^[a-z]+:\/\/[^/]*@/i.test(url), 'holds a name or a password')
    .optional(),
  /** A file, so that the secret is in no list of processes. */
  CONCLAVE_WEBHOOK_SECRET_FILE: text.optional(),
  CONCLAVE_LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug', 'silent']).default('info'),
  /** The built page. */
  CONCLAVE_WEB_ROOT: text.optional(),
});

/** Read by the scripts and the tests, not by the server. */
const NOT_THE_SERVERS: readonly string[] = ['CONCLAVE_CHROMIUM'];

export type Config = ReturnType<typeof parseConfig>;

/** A setting that cannot be used. The message names it and says what would do; it never repeats the value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * The settings of this process, checked and frozen.
 *
 * @throws ConfigError for the first one that is off, and for a CONCLAVE_ name that does not exist.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>, machine: Machine) {
  const schema = z.object(settings(machine));
  const known = [...Object.keys(schema.shape), ...NOT_THE_SERVERS];
  const unknown = Object.keys(env).find((name) => name.startsWith('CONCLAVE_') && !known.includes(name));
  if (unknown) throw new ConfigError(`${unknown} is not a setting; there are ${known.join(', ')}`);

  const outcome = schema.safeParse(env);
  if (!outcome.success) {
    const issue = outcome.error.issues[0];
    throw new ConfigError(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const set = outcome.data;
  const { CONCLAVE_MEDIA_IP: mediaIps, CONCLAVE_ANNOUNCED_ADDRESS: announcedAddress } = set;
  if (announcedAddress && mediaIps.length > 1)
    throw new ConfigError('CONCLAVE_ANNOUNCED_ADDRESS stands for one address: say in CONCLAVE_MEDIA_IP which one');
  if (mediaIps.some(isUnspecified) && !announcedAddress)
    throw new ConfigError('CONCLAVE_MEDIA_IP is every address: say in CONCLAVE_ANNOUNCED_ADDRESS which one to tell');
  if ((set.CONCLAVE_WEBHOOK_URL === undefined) !== (set.CONCLAVE_WEBHOOK_SECRET_FILE === undefined))
    throw new ConfigError('CONCLAVE_WEBHOOK_URL and CONCLAVE_WEBHOOK_SECRET_FILE go together');
  return Object.freeze({
    host: set.CONCLAVE_HOST,
    port: set.CONCLAVE_PORT,
    metricsHost: set.CONCLAVE_METRICS_HOST,
    metricsPort: set.CONCLAVE_METRICS_PORT,
    mediaIps,
    mediaPort: set.CONCLAVE_MEDIA_PORT,
    announcedAddress,
    workers: set.CONCLAVE_WORKERS,
    workerBin: set.CONCLAVE_WORKER_BIN,
    gso: set.CONCLAVE_GSO,
    tokenKeysFile: set.CONCLAVE_TOKEN_KEYS,
    maxRooms: set.CONCLAVE_MAX_ROOMS,
    maxPeers: set.CONCLAVE_MAX_PEERS,
    maxPeersPerRoom: set.CONCLAVE_MAX_PEERS_PER_ROOM,
    maxHeard: set.CONCLAVE_MAX_HEARD,
    maxListenersPerRoom: set.CONCLAVE_MAX_LISTENERS_PER_ROOM,
    consumersPerWorker: set.CONCLAVE_CONSUMERS_PER_WORKER,
    maxLoad: set.CONCLAVE_MAX_LOAD,
    nextServer: set.CONCLAVE_NEXT_SERVER,
    webhookUrl: set.CONCLAVE_WEBHOOK_URL,
    webhookSecretFile: set.CONCLAVE_WEBHOOK_SECRET_FILE,
    logLevel: set.CONCLAVE_LOG_LEVEL,
    webRoot: set.CONCLAVE_WEB_ROOT,
  });
}

function isUnspecified(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::';
}
