/*
 * What a bot that receives costs: CPU time of the process that runs them, for bots that hear three people and see four of them in
 * small tiles, opening every frame. The server and those who send are in processes of their own. It says how many
 * bots one core drives; and how long they take to join, alone and all at once.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { randomId } from '../src/base/index.ts';
import { Bot } from '../test/bot/bot.ts';
import { Camera } from '../test/bot/camera.ts';
import { Microphone } from '../test/bot/microphone.ts';
import { ServerProcess } from '../test/support/server-process.ts';
import { until } from '../test/support/until.ts';
import { benchOptions, percentile, report } from './report.ts';

const RECEIVERS = { quick: 10, full: 30 };
const MEASURE_MS = { quick: 10_000, full: 30_000 };
/** Who joins so long after the last one is alone to the server, which gathers those who come together into one commit. */
const QUIET_MS = 2_500;
const QUIET_JOINS = 5;

const CAMERAS = 4;
const MICROPHONES = 3;

const VIEWS = { kind: 'everybody', heightPx: 180 } as const;

const [, , sendersLink] = process.argv;
if (process.send && sendersLink) await send(sendersLink);
else await bench();

/** Speaks and shows until the parent is gone. */
async function send(link: string): Promise<void> {
  for (let index = 0; index < CAMERAS; index += 1) {
    const microphone = index < MICROPHONES ? new Microphone() : undefined;
    await Bot.join(link, { name: `Sender ${index}`, camera: new Camera(), ...(microphone && { microphone }) });
  }
  process.once('disconnect', () => process.exit());
  process.send?.('joined');
}

async function bench(): Promise<void> {
  const options = benchOptions();
  const receivers = options.quick ? RECEIVERS.quick : RECEIVERS.full;
  const measureMs = options.quick ? MEASURE_MS.quick : MEASURE_MS.full;
  const server = await ServerProcess.open();
  const link = `${server.origin}/call/${randomId()}#k=${randomId()}`;
  const senders = fork(fileURLToPath(import.meta.url), [link]);
  await once(senders, 'message');
  const bots: Bot[] = [];
  try {
    const join = async (name: string) => bots.push(await Bot.join(link, { name, role: 'listener', views: VIEWS }));
    for (let index = 0; index < QUIET_JOINS; index += 1) {
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      await join(`Single ${index}`);
    }
    const crowd = Array.from({ length: receivers - QUIET_JOINS }, (_, index) => join(`Crowd ${index}`));
    await Promise.all(crowd);
    await until('every bot opens every stream', () => bots.every(hasAll));
    const before = bots.map(total);
    const cpu = process.cpuUsage();
    const startMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, measureMs));
    const { user, system } = process.cpuUsage(cpu);
    const botSeconds = (receivers * (performance.now() - startMs)) / 1_000;
    const grown = (key: 'packets' | 'opened' | 'lost') =>
      bots.reduce((sum, bot, index) => sum + total(bot)[key] - (before[index]?.[key] ?? 0), 0);
    const cpuMs = (user + system) / 1_000 / botSeconds;
    const joinP50Ms = (joined: readonly Bot[]) =>
      Math.round(
        percentile(
          joined.map(({ joinMs }) => joinMs),
          0.5,
        ),
      );
    report(
      'bots',
      {
        receivers,
        streams_per_bot: CAMERAS + MICROPHONES,
        packets_per_second_per_bot: Math.round(grown('packets') / botSeconds),
        frames_opened_per_second_per_bot: Math.round(grown('opened') / botSeconds),
        cpu_ms_per_second_per_bot: Number(cpuMs.toFixed(1)),
        bots_per_core: Math.floor(1_000 / cpuMs),
        packets_lost: grown('lost'),
        frames_dropped_since_join: bots.flatMap(({ received }) =>
          received.flatMap(({ drops }) => Object.entries(drops)),
        ),
        join_alone_p50_ms: joinP50Ms(bots.slice(0, QUIET_JOINS)),
        join_together_p50_ms: joinP50Ms(bots.slice(QUIET_JOINS)),
      },
      options,
    );
  } finally {
    for (const bot of bots) bot.close();
    senders.disconnect();
    await once(senders, 'exit');
    await server.close();
  }
}

function hasAll({ received }: Bot): boolean {
  return received.length === CAMERAS + MICROPHONES && received.every(({ opened }) => opened > 0);
}

function total({ received }: Bot) {
  const sum = (key: 'packets' | 'opened' | 'lost') => received.reduce((all, stream) => all + stream[key], 0);
  return { packets: sum('packets'), opened: sum('opened'), lost: sum('lost') };
}
