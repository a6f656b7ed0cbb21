import { Bot } from '../test/bot/bot.ts';
import { Camera } from '../test/bot/camera.ts';
import { Microphone } from '../test/bot/microphone.ts';
import { type Counts, sumOfDrops, wallMs } from './counts.ts';
import { othersShown, tileHeightPx } from './layout.ts';
import { type Participant, serve } from './participant-process.ts';
import type { Invitation } from './pool.ts';

/** A bot as the driver knows it. */
class BotParticipant implements Participant {
  readonly #bot: Bot;
  readonly #askedMs: number;
  /** Pictures of each camera at the last reading. */
  #pictures: readonly number[] = [];

  private constructor(bot: Bot, askedMs: number) {
    this.#bot = bot;
    this.#askedMs = askedMs;
  }

  static async join({ planned: { name, publishes }, link, layout }: Invitation): Promise<BotParticipant> {
    const askedMs = performance.now();
    const bot = await Bot.join(link, {
      name,
      role: publishes ? 'speaker' : 'listener',
      ...(publishes && { microphone: new Microphone(), camera: new Camera() }),
      views: { kind: 'everybody', heightPx: tileHeightPx(layout), atMost: othersShown(layout) },
    });
    return new BotParticipant(bot, askedMs);
  }

  get joinMs(): number {
    return this.#bot.joinMs;
  }

  counts(): Counts {
    const { received, moves, isGone } = this.#bot;
    const sum = (key: 'packets' | 'lost' | 'opened') => received.reduce((all, stream) => all + stream[key], 0);
    const cameras = this.#bot.receivedOf('camera');
    const before = this.#pictures;
    this.#pictures = cameras.map(({ opened }) => opened);
    const first = Math.min(...cameras.flatMap(({ firstOpenedMs }) => firstOpenedMs ?? []));
    return {
      atMs: wallMs(),
      packets: sum('packets'),
      lost: sum('lost'),
      frames: sum('opened'),
      drops: sumOfDrops(received),
      pictures: 0,
      freezes: 0,
      interruptions: moves,
      videos: this.#pictures.filter((opened, at) => opened > (before[at] ?? 0)).length,
      firstMediaMs: Number.isFinite(first) ? first - this.#askedMs : undefined,
      gone: isGone,
    };
  }

  async leave(): Promise<void> {
    await this.#bot.leave().catch(() => this.#bot.close()); // gone is gone
  }
}

serve({ join: (invitation) => BotParticipant.join(invitation), refresh: async () => undefined });
