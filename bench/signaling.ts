/*
 * What telling 500 people costs a signaling server: CPU time of its process for each message that is delivered. One of the room mutes or
 * unmutes, and everybody else is told. Ours (uWebSockets.js, protobuf, numbered and kept for resumes) and one written with `ws` and JSON
 * take turns in the same run, with the same events at the same pace; the clients of both are a process of their own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inBatches } from '../test/support/in-batches.ts';
import { ServerProcess } from '../test/support/server-process.ts';
import { cpuSecondsOf } from './cpu-time.ts';
import { ConclaveClient } from './fan-out/conclave-client.ts';
import { type Delivered, FanOut, type Pace } from './fan-out/fan-out.ts';
import type { FanOutClient } from './fan-out/fan-out-client.ts';
import { JsonClient } from './fan-out/json-client.ts';
import { openJsonServer } from './fan-out/json-server.ts';
import { benchOptions, report } from './report.ts';
import { interleaved, median, pairedRatios, type Round, ratio, roundsOf, usPerPacket } from './rounds.ts';

/** Who is told of each event. */
const RECEIVERS = 500;

/** Each may unmute twice a second: together more than the pace needs. */
const PUBLISHERS = 20;

const ROUNDS = { quick: 6, full: 12 };
const PACE: Readonly<Record<'quick' | 'full', Pace>> = {
  quick: { events: 75, everyMs: 20 },
  full: { events: 250, everyMs: 20 },
};

/** Before anything is measured, until both servers' code is compiled. */
const WARM_UP_ROUNDS = 2;

/** So many join at once. */
const AT_ONCE = 20;

/** At most. */
const TARGET = { ratio_vs_ws_json: 0.33 };

const SYSTEMS = ['conclave', 'ws-json'] as const;
type System = (typeof SYSTEMS)[number];

interface SignalingRound extends Round, Omit<Delivered, 'messages'> {
  /** Of the mediasoup worker, which is asked to pause the producer and has nothing to do with telling anybody. */
  readonly workerCpuSeconds: number;
}

const [, , role, origin = '', jsonPort] = process.argv;
if (process.send && role === 'json-server') await runJsonServer();
else if (process.send && role === 'clients') await runClients(origin, Number(jsonPort));
else await bench();

async function bench(): Promise<void> {
  const options = benchOptions();
  const size = options.quick ? 'quick' : 'full';
  const server = await ServerProcess.open({
    CONCLAVE_LOG_LEVEL: 'warn',
    CONCLAVE_MAX_LISTENERS_PER_ROOM: `${RECEIVERS}`,
  });
  const children: ChildProcess[] = [];
  const begin = (...args: readonly string[]) => {
    const child = fork(fileURLToPath(import.meta.url), args);
    children.push(child);
    return child;
  };
  try {
    const jsonServer = begin('json-server');
    const port = await answerOf(jsonServer);
    const clients = begin('clients', server.origin, `${port}`);
    await answerOf(clients);
    const [main = Number.NaN, ...workers] = server.pids;
    const pids = { conclave: [main], 'ws-json': [jsonServer.pid ?? Number.NaN] };
    const turn = async (system: System): Promise<SignalingRound> => {
      const before = { main: cpuSecondsOf(pids[system]), workers: cpuSecondsOf(workers) };
      clients.send({ system, pace: PACE[size] });
      const { messages, ...delays } = (await answerOf(clients)) as Delivered;
      const cpuSeconds = cpuSecondsOf(pids[system]) - before.main;
      const workerCpuSeconds = system === 'conclave' ? cpuSecondsOf(workers) - before.workers : 0;
      return { system, packets: messages, cpuSeconds, workerCpuSeconds, ...delays };
    };
    for (const system of interleaved(SYSTEMS, WARM_UP_ROUNDS)) await turn(system);
    const rounds: SignalingRound[] = [];
    for (const system of interleaved(SYSTEMS, ROUNDS[size])) rounds.push(await turn(system));
    const conditions = { receivers: RECEIVERS, publishers: PUBLISHERS, ...PACE[size] };
    report('signaling', { conditions, target: TARGET, ...figures(rounds), rounds }, options);
  } catch (error) {
    process.stderr.write(server.said);
    throw error;
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
    await server.close();
  }
}

/** @throws when it ends first: it has said why. */
async function answerOf(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const failed = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`a process of the bench ended with ${code}`);
  });
  failed.catch(() => undefined); // also when it is not waited for any more
  try {
    const [answer] = await Promise.race([once(child, 'message'), failed]);
    return answer;
  } finally {
    ended.abort();
  }
}

function figures(rounds: readonly SignalingRound[]): Record<string, unknown> {
  const [ours, theirs] = [roundsOf(rounds, 'conclave'), roundsOf(rounds, 'ws-json')];
  return {
    us_per_message: median(ours.map(usPerPacket)),
    us_per_message_rounds: ours.map(usPerPacket),
    ws_json_us_per_message: median(theirs.map(usPerPacket)),
    ws_json_us_per_message_rounds: theirs.map(usPerPacket),
    ratio_vs_ws_json: ratio(ours, theirs),
    ratio_vs_ws_json_rounds: pairedRatios(ours, theirs),
    delay_p50_ms: median(ours.map((round) => round.delay_p50_ms)),
    delay_p99_ms: median(ours.map((round) => round.delay_p99_ms)),
    ws_json_delay_p50_ms: median(theirs.map((round) => round.delay_p50_ms)),
    ws_json_delay_p99_ms: median(theirs.map((round) => round.delay_p99_ms)),
    bytes_per_message: median(ours.map((round) => round.bytes_per_message)),
    ws_json_bytes_per_message: median(theirs.map((round) => round.bytes_per_message)),
    worker_us_per_message: median(ours.map(({ workerCpuSeconds, packets }) => (workerCpuSeconds * 1e6) / packets)),
  };
}

/** Tells the parent its port, and stands until that is gone. */
async function runJsonServer(): Promise<void> {
  process.once('disconnect', () => process.exit());
  process.send?.((await openJsonServer()).port);
}

/** All clients of both systems: they join, and then have a round whenever the parent says. */
async function runClients(conclaveOrigin: string, port: number): Promise<void> {
  process.once('disconnect', () => process.exit());
  const everybody = Array.from({ length: RECEIVERS + 1 }, (_, at) => (at < PUBLISHERS ? 'speaker' : 'listener'));
  const rooms: Readonly<Record<System, FanOut>> = {
    conclave: await open(everybody, (as) => ConclaveClient.join(conclaveOrigin, as)),
    'ws-json': await open(everybody, () => JsonClient.join(port)),
  };
  process.on('message', async ({ system, pace }: { readonly system: System; readonly pace: Pace }) => {
    process.send?.(await rooms[system].round(pace));
  });
  process.send?.('joined');
}

async function open<Role>(everybody: readonly Role[], join: (as: Role) => Promise<FanOutClient>): Promise<FanOut> {
  const clients = await inBatches(everybody, AT_ONCE, join);
  for (const client of clients.slice(0, PUBLISHERS)) await client.publish();
  return new FanOut(clients, PUBLISHERS);
}
