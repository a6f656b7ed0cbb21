import { FIELD_TRIALS } from '../../src/sfu/field-trials.ts';
import { SHARED_SOCKET_BUFFERS } from '../../src/sfu/socket-buffers.ts';
import { inBatches } from '../../test/support/in-batches.ts';
import { LARGE_VIDEO, VOICE } from '../endpoints/stream-plan.ts';
import { type Measurable, measured, type RoundTimes, roundOf } from '../forwarding/forwarding-round.ts';
import { Mediasoup, type MediasoupPerson } from '../systems/mediasoup.ts';
import type { SendCase } from './send-case.ts';
import { type SendRound, sendRoundOf } from './send-round.ts';

/** So many handshakes at once: each costs this process milliseconds. */
const AT_ONCE = 10;

const VOICES = 3;

/** Packets so far at both ends: what the server says that it sent, and what receivers say that came. Nothing is on its way. */
export interface BothEnds {
  readonly sent: number;
  readonly received: number;
}

/** One sender and many receivers on one socket of one worker, which stays the same over all cases. */
export class SendStage {
  readonly name: string;
  readonly #system: Mediasoup;
  readonly #sender: MediasoupPerson;
  readonly #receivers: MediasoupPerson[] = [];
  #speakers: readonly MediasoupPerson[] = [];

  private constructor(system: Mediasoup, sender: MediasoupPerson) {
    this.name = system.name;
    this.#system = system;
    this.#sender = sender;
  }

  /** `entry` is a module that calls `runMediasoup` when it is forked. */
  static async open(entry: string, options: { readonly name: string; readonly worker: string }): Promise<SendStage> {
    const ours = { socketBuffers: SHARED_SOCKET_BUFFERS, fieldTrials: FIELD_TRIALS }; // as our servers have them
    const system = await Mediasoup.open(entry, { ...options, ...ours });
    try {
      const sender = await system.join();
      await sender.publish([LARGE_VIDEO]); // each case has packets of its own
      return new SendStage(system, sender);
    } catch (error) {
      await system.close();
      throw error;
    }
  }

  get workerPid(): number {
    return this.#system.workerPid;
  }

  /** CPU time is the worker's: who tells it what to do is the same in all. */
  get #measurable(): Measurable {
    return { name: this.name, pids: [this.workerPid], endpoints: this.#system.endpoints };
  }

  /** Its room is as the case wants it, which never makes one smaller. */
  async prepare({ receivers, script, voices }: SendCase): Promise<void> {
    const missing = Array.from({ length: Math.max(0, receivers - this.#receivers.length) });
    await inBatches(missing, AT_ONCE, async () => {
      const receiver = await this.#system.join();
      await receiver.subscribe([this.#sender, ...this.#speakers]);
      this.#receivers.push(receiver);
    });
    if (voices && this.#speakers.length === 0) await this.#addVoices();
    this.#sender.play(script);
    await this.#system.endpoints.settled();
  }

  async bothEnds(): Promise<BothEnds> {
    const { receivedEver } = await this.#system.endpoints.report();
    return { sent: await this.#system.sent(), received: receivedEver };
  }

  async round(sendCase: SendCase, times: RoundTimes): Promise<SendRound> {
    const turn = await measured(this.#measurable, { ...times, hearsAll: true, lossless: true });
    return sendRoundOf(sendCase.name, roundOf(turn), turn.arrivals);
  }

  async close(): Promise<void> {
    await this.#system.close();
  }

  async #addVoices(): Promise<void> {
    const speakers: MediasoupPerson[] = [];
    for (let index = 0; index < VOICES; index += 1) {
      const speaker = await this.#system.join();
      await speaker.publish([VOICE]);
      speakers.push(speaker);
    }
    this.#speakers = speakers;
    await inBatches(this.#receivers, AT_ONCE, (receiver) => receiver.subscribe(speakers));
  }
}
