import { type Clock, Facts, type PeerId } from '../base/index.ts';
import type { Producer } from './producer.ts';
import type { AudioLevel } from './speaker.ts';
import { type HeardEvent, NOBODY, nextHeard } from './view/heard.ts';

/**
 * Sounds of shared screens go past the choice among microphones: music has no pauses, and who shares a film is not talking over others.
 * Two that overlap while one presenter follows another are ordinary; more are noise. The latest are heard, of those that are not muted.
 */
const MAX_SCREENS = 2;

export interface HearingOptions {
  /** Microphones that are forwarded at the same time. */
  readonly maxHeard: number;
  readonly clock: Clock;
}

/** Whose sound the room hears: one choice for everybody, so that a change costs each listener two consumers at most. */
export class Hearing {
  /** Another set is heard. */
  readonly facts = new Facts<{ changed: [] }>();
  readonly #options: HearingOptions;
  readonly #producers = new Map<PeerId, Producer>();
  readonly #screens = new Set<Producer>();
  /** When a microphone that was closed had spoken last: one that was interrupted goes on from there. */
  readonly #spokeMs = new WeakMap<Producer, number>();
  #choice = NOBODY;
  #heard: ReadonlySet<Producer> = new Set();

  constructor(options: HearingOptions) {
    this.#options = options;
  }

  /** At most `maxHeard` and the screens. */
  get heard(): Iterable<Producer> {
    return this.#heard;
  }

  opened(producer: Producer): void {
    const { peerId, source } = producer;
    if (source === 'screen-audio') {
      this.#screens.add(producer);
      this.#choose();
    } else if (source === 'microphone') {
      this.#producers.set(peerId, producer);
      const spokeMs = this.#spokeMs.get(producer);
      this.#step({ kind: 'opened', peerId, muted: producer.paused, ...(spokeMs !== undefined && { spokeMs }) });
    }
  }

  closed(producer: Producer): void {
    const { peerId } = producer;
    if (this.#screens.delete(producer)) this.#choose();
    if (this.#producers.get(peerId) !== producer) return;
    this.#producers.delete(peerId);
    const spokeMs = this.#choice.microphones.get(peerId)?.spokeMs;
    if (spokeMs !== undefined) this.#spokeMs.set(producer, spokeMs);
    this.#step({ kind: 'closed', peerId });
  }

  paused({ peerId, source }: Producer, { paused }: { readonly paused: boolean }): void {
    if (source === 'microphone') this.#step({ kind: paused ? 'muted' : 'unmuted', peerId });
    else if (source === 'screen-audio') this.#choose();
  }

  /** By any meter of the room. */
  measured(levels: readonly AudioLevel[]): void {
    this.#step({ kind: 'measured', levels });
  }

  beganToSpeak(peerId: PeerId): void {
    this.#step({ kind: 'claimed', peerId });
  }

  #step(event: HeardEvent): void {
    const before = this.#choice;
    const { clock, maxHeard } = this.#options;
    this.#choice = nextHeard(before, event, clock.nowMs(), maxHeard);
    if (this.#choice !== before) this.#choose();
  }

  #choose(): void {
    const before = this.#heard;
    const heard = new Set([...this.#screens].filter((screen) => !screen.paused).slice(-MAX_SCREENS));
    for (const [peerId, microphone] of this.#choice.microphones) {
      const producer = microphone.heard ? this.#producers.get(peerId) : undefined;
      if (producer) heard.add(producer);
    }
    this.#heard = heard;
    if (heard.size !== before.size || [...heard].some((producer) => !before.has(producer))) this.facts.tell('changed');
  }
}
