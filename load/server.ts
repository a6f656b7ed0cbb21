import { availableParallelism } from 'node:os';
import { randomId, randomSecret } from '../src/client/index.ts';
import { ServerProcess } from '../test/support/server-process.ts';
import type { Target } from './options.ts';
import { parseServerFacts, type ServerFacts } from './server-facts.ts';
import { UsageError } from './usage-error.ts';

/** Longer, and the reading of that second is given up. */
const METRICS_LIMIT_MS = 2_000;

const REACH_LIMIT_MS = 5_000;

/** What is loaded. */
export interface Server {
  /** For people, without a secret. */
  readonly name: string;
  /** Of the own server and its workers; empty for another's. */
  readonly pids: () => readonly number[];
  /** An invite link to each of so many rooms: to new ones, or again to the one that was given. */
  links(rooms: number): readonly string[];
  /** `undefined` when it cannot be read. */
  facts(): Promise<ServerFacts | undefined>;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly target: Target;
  readonly metricsUrl: string | undefined;
  /** The path of a mediasoup-worker, for a server of one's own. */
  readonly worker: () => Promise<string>;
}

/** Starts the own server, or looks whether the other one is there. @throws UsageError when nobody could join it. */
export async function openServer({ target, metricsUrl, worker }: ServerOptions): Promise<Server> {
  if (target.kind === 'own') return await openOwn(await worker());
  const origin = target.kind === 'origin' ? target.origin : new URL(target.link).origin;
  await assertGivesTokens(origin);
  return {
    name: target.kind === 'origin' ? origin : `${origin}, a room that was given`,
    pids: () => [],
    links: (rooms) => (target.kind === 'link' ? [target.link] : freshLinks(origin, rooms)),
    facts: async () => (metricsUrl === undefined ? undefined : await readFacts(metricsUrl)),
    close: async () => undefined,
  };
}

async function openOwn(worker: string): Promise<Server> {
  const workers = availableParallelism();
  const settings = { CONCLAVE_WORKER_BIN: worker, CONCLAVE_WORKERS: `${workers}`, CONCLAVE_LOG_LEVEL: 'warn' };
  const own = await ServerProcess.open(settings, { detached: true });
  const end = () => own.kill(); // also when this process ends in a hurry
  process.once('exit', end);
  return {
    name: `own server on loopback, workers: ${workers}`,
    pids: () => pidsOf(own),
    links: (rooms) => freshLinks(own.origin, rooms),
    facts: () => readFacts(own.metricsUrl),
    close: async () => {
      process.off('exit', end);
      await own.close();
    },
  };
}

/** Read anew each time: a worker that died has another after it. */
function pidsOf(own: ServerProcess): readonly number[] {
  try {
    return own.pids;
  } catch {
    return []; // it has ended
  }
}

const freshLinks = (origin: string, rooms: number): string[] =>
  Array.from({ length: rooms }, () => `${origin}/call/${randomId()}#k=${randomSecret()}`);

async function readFacts(url: string): Promise<ServerFacts | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(METRICS_LIMIT_MS) });
    return answer.ok ? parseServerFacts(await answer.text()) : undefined;
  } catch {
    return undefined; // a server that is full answers late, and one that has died not at all: the charts have a gap there
  }
}

async function assertGivesTokens(origin: string): Promise<void> {
  const body = JSON.stringify({ room: randomId() });
  const signal = AbortSignal.timeout(REACH_LIMIT_MS);
  const answer = await fetch(`${origin}/dev/tokens`, { method: 'POST', body, signal }).catch(() => undefined);
  if (!answer) throw new UsageError(`no server answers at ${origin}`);
  const { token } = (await answer.json().catch(() => ({}))) as { readonly token?: string };
  if (token === undefined)
    throw new UsageError(
      `${origin} gives no development tokens (HTTP ${answer.status}): start it without CONCLAVE_TOKEN_KEYS for a load test`,
    );
}
