import { availableParallelism } from 'node:os';
import { janusPath } from '../../scripts/setup/janus.mjs';
import { SetupError } from '../../scripts/setup/setup-error.mjs';
import { Endpoints } from '../endpoints/endpoints.ts';
import { JanusPerson, type JanusRoom } from './janus-person.ts';
import { JanusProcess, ownAddress } from './janus-process.ts';
import type { OpenSystem, Person, System } from './system.ts';

const NAME = 'janus';

const ROOM = 1;

/** Of its own threads: one for each core that it may have. */
const EVENT_LOOPS = availableParallelism();

/** More than any bench has. */
const MAX_PUBLISHERS = 1_000;

const ROOM_SETTINGS = {
  room: ROOM,
  publishers: MAX_PUBLISHERS,
  bitrate: 0, // no limit
  fir_freq: 0, // key frames when somebody needs one
  audiocodec: 'opus',
  videocodec: 'vp8',
  audiolevel_ext: true,
  audiolevel_event: false,
  transport_wide_cc_ext: true,
  notify_joining: false,
  record: false,
};

/** Why it cannot run here, even if it is there. */
export function whyNoJanus(): string | undefined {
  return ownAddress() === undefined
    ? 'Janus offers no media on loopback, and this machine has no other address'
    : undefined;
}

let program: Promise<string> | undefined;

/** Gets it when it can be had; asks once. */
export const openJanus: OpenSystem = async () => {
  const skipped = whyNoJanus();
  if (skipped) return { name: NAME, skipped };
  program ??= janusPath(process.env);
  try {
    return await Janus.open(await program, { eventLoops: EVENT_LOOPS });
  } catch (error) {
    if (error instanceof SetupError) return { name: NAME, skipped: error.message };
    throw error;
  }
};

/** Debian's Janus with one room of its videoroom plugin: who subscribes gets every packet, sound too. */
export class Janus implements System {
  readonly name = NAME;
  readonly seesAll = true;
  readonly endpoints: Endpoints;
  readonly #process: JanusProcess;
  readonly #place: JanusRoom;
  #lastFeed = 0;

  private constructor(process: JanusProcess, endpoints: Endpoints) {
    this.#process = process;
    this.endpoints = endpoints;
    this.#place = { room: ROOM, session: process.session, endpoints };
  }

  /** @throws when it does not start; nothing is left then. */
  static async open(program: string, { eventLoops }: { readonly eventLoops: number }): Promise<Janus> {
    const process = await JanusProcess.open({ program, eventLoops });
    try {
      const handle = await process.session.attach();
      await handle.ask({ body: { request: 'create', ...ROOM_SETTINGS } });
      return new Janus(process, await Endpoints.open());
    } catch (error) {
      await process.close();
      throw error;
    }
  }

  get pids(): readonly number[] {
    return [this.#process.pid];
  }

  async join(): Promise<Person> {
    this.#lastFeed += 1;
    return new JanusPerson(this.#lastFeed, this.#place);
  }

  async close(): Promise<void> {
    await this.#process.close();
    await this.endpoints.close();
  }
}
