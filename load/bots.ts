/*
 * A process of bots: forked by the driver, which it does what it is told by, and gone when the driver is. In a process of its own so
 * that the driver's clock stays true when bots are busy.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { CallError } from '../src/base/index.ts';
import { Bot } from '../test/bot/bot.ts';
import { Camera } from '../test/bot/camera.ts';
import { Microphone } from '../test/bot/microphone.ts';
import type { FromBots, ToBots } from './bot-messages.ts';
import { type Counts, sumOfDrops } from './counts.ts';
import { othersShown, tileHeightPx } from './layout.ts';
import type { Invitation } from './pool.ts';

/** How exact the event loop's delay is; it costs a timer. */
const LOOP_RESOLUTION_MS = 10;

/** A server that answers nobody holds nobody up. */
const LEAVE_LIMIT_MS = 3_000;

interface Joined {
  readonly bot: Bot;
  readonly askedMs: number;
  /** Pictures of each camera at the last reading. */
  pictures: readonly number[];
}

const joined = new Map<number, Joined>();
const loopDelay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });

process.on('message', (message: ToBots) => {
  if (message.kind === 'join') void join(message.invitation).then(tell);
  if (message.kind === 'read') tell(read());
  if (message.kind === 'leave') void leave();
});
process.once('disconnect', () => process.exit());
process.on('SIGINT', () => undefined); // the driver says when to leave
loopDelay.enable();

function tell(message: FromBots): void {
  if (process.connected) process.send?.(message);
}

async function join({ planned, link, layout }: Invitation): Promise<FromBots> {
  const { id, name, publishes } = planned;
  const askedMs = performance.now();
  try {
    const bot = await Bot.join(link, {
      name,
      role: publishes ? 'speaker' : 'listener',
      ...(publishes && { microphone: new Microphone(), camera: new Camera() }),
      views: { kind: 'everybody', heightPx: tileHeightPx(layout), atMost: othersShown(layout) },
    });
    joined.set(id, { bot, askedMs, pictures: [] });
    return { kind: 'joined', id, joinMs: bot.joinMs };
  } catch (error) {
    return { kind: 'failed', id, code: codeOf(error), message: (error as Error).message };
  }
}

function codeOf(error: unknown): string {
  if (error instanceof CallError) return error.code;
  return (error as Error).message.startsWith('waited') ? 'timeout' : 'error';
}

function read(): FromBots {
  const counts = [...joined].map(([id, each]) => [id, countsOf(each)] as const);
  const loopDelayMs = Math.max(0, loopDelay.percentile(99) / 1e6 - LOOP_RESOLUTION_MS);
  loopDelay.reset();
  return { kind: 'reading', counts, loopDelayMs };
}

function countsOf(each: Joined): Counts {
  const { bot, askedMs, pictures } = each;
  const { received } = bot;
  const sum = (key: 'packets' | 'lost' | 'opened') => received.reduce((all, stream) => all + stream[key], 0);
  const cameras = bot.receivedOf('camera');
  each.pictures = cameras.map(({ opened }) => opened);
  const first = Math.min(...cameras.flatMap(({ firstOpenedMs }) => firstOpenedMs ?? []));
  return {
    packets: sum('packets'),
    lost: sum('lost'),
    frames: sum('opened'),
    drops: sumOfDrops(received),
    pictures: 0,
    freezes: 0,
    interruptions: bot.moves,
    videos: each.pictures.filter((opened, at) => opened > (pictures[at] ?? 0)).length,
    firstMediaMs: Number.isFinite(first) ? first - askedMs : undefined,
    gone: bot.isGone,
  };
}

async function leave(): Promise<void> {
  const limit = new Promise((resolve) => setTimeout(resolve, LEAVE_LIMIT_MS));
  const goodbyes = [...joined.values()].map(({ bot }) => bot.leave().catch(() => bot.close())); // gone is gone
  await Promise.race([Promise.all(goodbyes), limit]);
  process.exit();
}
