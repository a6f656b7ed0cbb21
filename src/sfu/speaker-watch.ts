import type { types } from 'mediasoup';
import { type Clock, Facts, type PeerId, type Scope } from '../base/index.ts';
import type { Producer } from './producer.ts';
import { type AudioLevel, holdEndsMs, nextSpeakers, type Speaker } from './speaker.ts';

/** How often levels are averaged. mediasoup wants 10 packets for that, 200 ms of Opus; lower misses speakers, higher shows them late. */
const INTERVAL_MS = 300;

/** Levels of so many are looked at, the loudest: no screen marks more. */
const MAX_ENTRIES = 16;

/** Below this the worker tells nothing: lower than what `speaker.ts` calls going on, so that it decides. */
const THRESHOLD_DBOV = -60;

/** Where the levels of the microphones on one router are measured. */
export type Ear = types.AudioLevelObserver;

/** Feeds the microphones' levels, of all the room's routers, to the policy in `speaker.ts`. */
export class SpeakerWatch {
  /** Who speaks, loudest first, when that has changed. */
  readonly facts = new Facts<{ changed: [readonly PeerId[]] }>();
  readonly #clock: Clock;
  readonly #peerIds = new Map<string, PeerId>();
  #speakers: readonly Speaker[] = [];
  #cancelHold: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * On one more router; `scope` closes it. Each ear steps the policy with its own levels: whoever speaks in front of another
   * one is silent in that step, which a speaker's hold bridges.
   */
  async openEar(router: types.Router, scope: Scope): Promise<Ear> {
    const entries = { maxEntries: MAX_ENTRIES, threshold: THRESHOLD_DBOV, interval: INTERVAL_MS };
    const ear = scope.own(await router.createAudioLevelObserver(entries));
    ear.on('volumes', (volumes) => this.#step(volumes.flatMap((volume) => this.#level(volume))));
    return ear;
  }

  /** Loudest first. */
  get speakers(): readonly PeerId[] {
    return this.#speakers.map(({ peerId }) => peerId);
  }

  /** `ear` is the one on the producer's own router. */
  add({ id, peerId }: Pick<Producer, 'id' | 'peerId'>, ear: Ear): void {
    this.#peerIds.set(id, peerId);
    // It fails only when the producer closed meanwhile.
    ear.addProducer({ producerId: id }).catch(() => undefined);
  }

  /** A mark on who has just muted would look like a lie; mediasoup stops measuring by itself. */
  paused(peerId: PeerId): void {
    this.#become(this.#speakers.filter((speaker) => speaker.peerId !== peerId));
  }

  remove({ id, peerId }: Pick<Producer, 'id' | 'peerId'>): void {
    this.#peerIds.delete(id);
    this.paused(peerId);
  }

  /** Forgets who speaks, without a word. */
  close(): void {
    this.#cancelHold();
  }

  #level({ producer, volume }: types.AudioLevelObserverVolume): AudioLevel[] {
    const peerId = this.#peerIds.get(producer.id);
    return peerId === undefined || producer.paused ? [] : [{ peerId, levelDbov: volume }];
  }

  #step(levels: readonly AudioLevel[]): void {
    this.#become(nextSpeakers(this.#speakers, levels, this.#clock.nowMs()));
  }

  #become(next: readonly Speaker[]): void {
    const before = this.speakers;
    this.#speakers = next;
    this.#cancelHold();
    const endsMs = holdEndsMs(next);
    if (endsMs !== undefined) {
      this.#cancelHold = this.#clock.after(Math.max(endsMs - this.#clock.nowMs(), 0), () => this.#step([]));
    }
    const after = this.speakers;
    if (after.length !== before.length || after.some((peerId, at) => peerId !== before[at]))
      this.facts.tell('changed', after);
  }
}
