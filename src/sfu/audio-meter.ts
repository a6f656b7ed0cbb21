import type { types } from 'mediasoup';
import { Facts, type PeerId, type ProducerId, type Scope } from '../base/index.ts';
import type { AudioLevel } from './speaker.ts';

/**
 * How often levels are averaged: the shortest that the worker does. It wants 10 packets for that, 200 ms of Opus, so that a voice
 * that begins is measured after 200 to 450 ms. Higher shows and lets in speakers later.
 */
const INTERVAL_MS = 250;

/** The loudest are told: those who are heard, and so many who may want a place. */
const MAX_COMERS = 6;

/** Below this the worker tells nothing: lower than what `speaker.ts` calls going on, so that it decides. */
const THRESHOLD_DBOV = -60;

/** Measures the microphones that one router routes. A room on several routers has as many meters. */
export class AudioMeter {
  /** Those who were not silent in the last interval; not told when all were. */
  readonly facts = new Facts<{ measured: [readonly AudioLevel[]] }>();
  readonly #observer: types.AudioLevelObserver;
  readonly #microphones = new Map<string, Metered>();

  private constructor(observer: types.AudioLevelObserver) {
    this.#observer = observer;
    observer.on('volumes', (volumes) => {
      this.facts.tell(
        'measured',
        volumes.flatMap((volume) => this.#level(volume)),
      );
    });
  }

  /** `maxHeard`: microphones that a room hears. */
  static async open(router: types.Router, scope: Scope, maxHeard: number): Promise<AudioMeter> {
    const entries = { maxEntries: maxHeard + MAX_COMERS, threshold: THRESHOLD_DBOV, interval: INTERVAL_MS };
    return new AudioMeter(scope.own(await router.createAudioLevelObserver(entries)));
  }

  add(microphone: Metered): void {
    this.#microphones.set(microphone.id, microphone);
    // It fails only when the producer closed meanwhile.
    this.#observer.addProducer({ producerId: microphone.id }).catch(() => undefined);
  }

  /** mediasoup stops measuring what has closed or paused by itself. */
  remove({ id }: Metered): void {
    this.#microphones.delete(id);
  }

  #level({ producer, volume }: types.AudioLevelObserverVolume): AudioLevel[] {
    const peerId = this.#microphones.get(producer.id)?.peerId;
    return peerId === undefined || producer.paused ? [] : [{ peerId, levelDbov: volume }];
  }
}

interface Metered {
  readonly id: ProducerId;
  readonly peerId: PeerId;
}
