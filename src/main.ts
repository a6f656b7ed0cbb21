import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { banner } from './banner.ts';
import { type Clock, type Log, type RoomId, randomId, Scope, systemClock } from './base/index.ts';
import { type Config, ConfigError, parseConfig } from './config.ts';
import { thisMachine } from './machine.ts';
import { Metrics, OpsServer, openLog, Webhook, webhookKey } from './ops/index.ts';
import { Sfu } from './sfu/index.ts';
import { DevTokens, SIGNALING_LIMITS, SignalingServer, TokenVerifier } from './signaling/index.ts';

/** After this long a shutdown that hangs is cut short: supervisors kill at 10 s. */
const SHUTDOWN_LIMIT_MS = 5_000;

/** Beside dist/server/main.js. */
const BUILT_PAGE = fileURLToPath(new URL('../web', import.meta.url));

/** Puts the rooms of the house together; the scope ends them, last in, first out. */
async function serve(config: Config, log: Log, scope: Scope): Promise<void> {
  const clock = systemClock;
  const startedAtMs = clock.nowMs();
  const metrics = new Metrics();
  const sfu = scope.own(
    await Sfu.open({
      workers: config.workers,
      workerBin: config.workerBin,
      listenIps: config.mediaIps,
      announcedAddress: config.announcedAddress,
      basePort: config.mediaPort,
      consumersPerWorker: config.consumersPerWorker,
      limits: config,
      nextServer: config.nextServer,
      maxHeard: config.maxHeard,
      clock,
      log,
    }),
  );
  metrics.watch('conclave_load_ratio', 'How full the server is, 0 to 1', () => sfu.loadRatio);
  metrics.watch('conclave_workers', 'mediasoup workers that are up', () => sfu.load.workers);
  metrics.watch(
    'conclave_workers_batching',
    'Of these, sending several packets in one call',
    () => sfu.batchingWorkers,
  );
  metrics.watch('conclave_worker_deaths', 'Workers that died since the start', () => sfu.load.workerDeaths);
  metrics.watch('conclave_rooms', 'Rooms open', () => sfu.load.rooms);
  metrics.watch('conclave_peers', 'Peers in rooms', () => sfu.load.peers);
  metrics.watch('conclave_transports', 'WebRTC transports open', () => sfu.load.transports);
  metrics.watch('conclave_producers', 'Media streams in', () => sfu.load.producers);
  metrics.watch('conclave_consumers', 'Media streams out', () => sfu.load.consumers);
  metrics.watch('conclave_resting_consumers', 'Of the streams out, kept ready and paused', () => sfu.load.resting);
  metrics.watch('conclave_pipes', 'Media streams from one worker to another', () => sfu.load.pipes);

  const devTokens = config.tokenKeysFile ? undefined : await DevTokens.open();
  const signaling = scope.own(
    await SignalingServer.open({
      host: config.host,
      port: config.port,
      sfu,
      tokens: await TokenVerifier.open(devTokens ? [devTokens.publicKey] : tokenKeys(config.tokenKeysFile)),
      devTokens,
      webRoot: config.webRoot ?? BUILT_PAGE,
      limits: SIGNALING_LIMITS,
      webhook: openWebhook(config, clock, log),
      clock,
      log,
      metrics,
    }),
  );
  metrics.watch('conclave_mls_groups', 'Rooms whose members have keys, or want some', () => signaling.mlsRooms);
  metrics.watch('conclave_sockets', 'WebSockets open', () => signaling.sockets);
  metrics.watch('conclave_sessions', 'Signaling sessions open', () => signaling.sessions);
  metrics.watch('conclave_sessions_detached', 'Of these, without a socket', () => signaling.detachedSessions);
  const ops = scope.own(await OpsServer.open({ host: config.metricsHost, port: config.metricsPort, metrics }));

  process.stdout.write(
    `${banner({
      host: config.host,
      port: signaling.port,
      opsHost: config.metricsHost,
      opsPort: ops.port,
      mediaIps: config.mediaIps,
      announcedAddress: config.announcedAddress,
      workerPorts: sfu.workerPorts,
      batchingWorkers: sfu.batchingWorkers,
      gso: config.gso,
      // Of nothing that this process knows or keeps: a secret for the terminal, as the page makes one for a new call.
      invitePath: devTokens && `/call/${randomId<RoomId>()}#k=${randomId()}`,
      startedInMs: clock.nowMs() - startedAtMs,
    })}\n`,
  );
}

/** @throws ConfigError when the file is not a JWKS; that its keys will do is for the TokenVerifier to say. */
function tokenKeys(file: string | undefined) {
  try {
    const { keys } = JSON.parse(readFileSync(file ?? '', 'utf8'));
    if (Array.isArray(keys) && keys.length > 0) return keys;
  } catch (cause) {
    throw new ConfigError(`CONCLAVE_TOKEN_KEYS: ${cause instanceof Error ? cause.message : 'cannot be read'}`);
  }
  throw new ConfigError('CONCLAVE_TOKEN_KEYS: not a JWKS file with at least one key');
}

/** @throws ConfigError that names the setting, and repeats nothing of the secret */
function openWebhook(
  { webhookUrl: url, webhookSecretFile: file }: Config,
  clock: Clock,
  log: Log,
): Webhook | undefined {
  if (url === undefined || file === undefined) return undefined;
  const key = webhookKey(readSecret(file));
  if (!key) throw new ConfigError('CONCLAVE_WEBHOOK_SECRET_FILE: not whsec_ and 24 to 64 bytes in base64');
  return new Webhook({ url, key, clock, log });
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ConfigError('CONCLAVE_WEBHOOK_SECRET_FILE: cannot be read');
  }
}

function readConfig(): Config {
  try {
    return parseConfig(process.env, thisMachine());
  } catch (error) {
    return giveUp(error);
  }
}

/** One line for what the operator can mend, the stack for what we must. */
function giveUp(error: unknown): never {
  const text = error instanceof ConfigError ? error.message : ((error as Error)?.stack ?? String(error));
  process.stderr.write(`conclave cannot start: ${text}\n`);
  process.exit(1);
}

const config = readConfig();
const log = openLog(config.logLevel);
const scope = new Scope();

function shutDown(signal: string): void {
  if (scope.closed) process.exit(1); // asked twice: at once
  log.info('server stopped', { reason: signal });
  scope.close();
  setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
}

// Never half alive: what nobody caught ends the process, and the supervisor starts it again.
process.on('uncaughtExceptionMonitor', (error) => log.error('server broke', { error }));
process.on('SIGTERM', shutDown);
process.on('SIGINT', shutDown);
await serve(config, log, scope).catch(giveUp);
