import { type Clock, every } from '../../base/index.ts';

/** How long a sender may put out packets before a frame was seen at its transform. */
const UNSEEN_LIMIT_MS = 2_000;
const LOOK_EVERY_MS = 500;

/**
 * Whether what a sender sends has passed its transform: some browsers ignore a transform that comes too late, and media then flows
 * past it. Each sender is watched until its first frame is seen.
 */
export class SealingWatchdog {
  readonly #clock: Clock;
  readonly #unsealed: () => void;
  readonly #stops = new Map<number, () => void>();

  /** `unsealed` is called when packets went out for two seconds and the transform saw nothing. */
  constructor(clock: Clock, unsealed: () => void) {
    this.#clock = clock;
    this.#unsealed = unsealed;
  }

  /** `packetsSent` rejects when the sender is gone. */
  watch(id: number, packetsSent: () => Promise<number>): void {
    let sendingSinceMs: number | undefined;
    const look = async () => {
      const sent = await packetsSent();
      if (sent === 0 || !this.#stops.has(id)) return;
      const nowMs = this.#clock.nowMs();
      sendingSinceMs ??= nowMs;
      if (nowMs - sendingSinceMs < UNSEEN_LIMIT_MS) return;
      this.seen(id);
      this.#unsealed();
    };
    const stop = every(this.#clock, LOOK_EVERY_MS, () => void look().catch(() => this.seen(id)));
    this.#stops.set(id, stop);
  }

  /** A frame of this sender passed its transform, or the sender is gone. */
  seen(id: number): void {
    this.#stops.get(id)?.();
    this.#stops.delete(id);
  }

  close(): void {
    for (const id of [...this.#stops.keys()]) this.seen(id);
  }
}
