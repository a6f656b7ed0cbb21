import { expect } from 'vitest';
import type { PeerId, ProducerId } from '../../src/base/index.ts';
import type { AnyRtpParameters } from '../../src/wire/index.ts';
import { opusRtpParameters } from '../support/rtp-fixtures.ts';
import { bodyOf, type SignalingClient } from '../support/signaling-client.ts';
import type { SignalingFixture } from './signaling-fixture.ts';

/** Two honest people in a room, one who speaks and one who hears: whatever others do, these are served. */
export class Bystanders {
  #isPaused = false;

  private constructor(
    readonly speakerId: PeerId,
    readonly microphone: ProducerId,
    readonly speaker: SignalingClient,
    readonly hearer: SignalingClient,
  ) {}

  static async open(fixture: SignalingFixture, room = 'bystanders'): Promise<Bystanders> {
    const speaker = await fixture.member(room);
    const hearer = await fixture.member(room);
    const rtpParameters = opusRtpParameters() as AnyRtpParameters;
    const produce = { case: 'produce', value: { source: 'microphone', rtpParameters, paused: false } } as const;
    const { producerId } = bodyOf(await speaker.client.request(produce), 'produce');
    hearer.client.say({ case: 'view', value: { tiles: [], hears: true } });
    await hearer.client.fact('consumerOpened');
    return new Bystanders(speaker.peerId, producerId, speaker.client, hearer.client);
  }

  /** Asks the worker for something and sees the other hear of it. Fails unless both were served, with no fact lost. */
  async expectService(): Promise<void> {
    this.#isPaused = !this.#isPaused;
    const known = this.hearer.facts.length;
    const pausing = { producerId: this.microphone, paused: this.#isPaused };
    await this.speaker.request({ case: 'setProducerPaused', value: pausing });
    await this.hearer.ping(); // facts come before the answer to what was asked after them
    const told = this.hearer.facts.slice(known);
    expect(told).toContainEqual({
      case: this.#isPaused ? 'producerPaused' : 'producerResumed',
      value: { producerId: this.microphone },
    });
    for (const { seqs, refusals } of [this.speaker, this.hearer]) {
      expect(seqs).toEqual(seqs.map((_, at) => at + 1));
      expect(refusals).toEqual([]);
    }
  }
}
