import { type Clock, Facts, type PeerId } from '../base/index.ts';
import { type AudioLevel, holdEndsMs, nextSpeakers, type Speaker } from './speaker.ts';

/** Feeds the microphones' levels to the policy in `speaker.ts`. */
export class SpeakerWatch {
  /** Who speaks, loudest first, when that has changed. */
  readonly facts = new Facts<{ changed: [readonly PeerId[]] }>();
  readonly #clock: Clock;
  #speakers: readonly Speaker[] = [];
  #cancelHold: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Loudest first. */
  get speakers(): readonly PeerId[] {
    return this.#speakers.map(({ peerId }) => peerId);
  }

  /** By any meter of the room; who is not among them may be measured by another. */
  measured(levels: readonly AudioLevel[]): void {
    this.#become(nextSpeakers(this.#speakers, levels, this.#clock.nowMs()));
  }

  /** Muted or gone: a mark on who cannot be heard would look like a lie. */
  silenced(peerId: PeerId): void {
    this.#become(this.#speakers.filter((speaker) => speaker.peerId !== peerId));
  }

  close(): void {
    this.#cancelHold();
  }

  #become(next: readonly Speaker[]): void {
    const before = this.speakers;
    this.#speakers = next;
    this.#cancelHold();
    const endsMs = holdEndsMs(next);
    if (endsMs !== undefined) {
      this.#cancelHold = this.#clock.after(Math.max(endsMs - this.#clock.nowMs(), 0), () => this.measured([]));
    }
    const after = this.speakers;
    if (after.length !== before.length || after.some((peerId, at) => peerId !== before[at]))
      this.facts.tell('changed', after);
  }
}
