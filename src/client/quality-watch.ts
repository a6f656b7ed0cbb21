import { type Clock, every, type PeerId } from '../base/index.ts';
import type { CallStats } from './media.ts';
import { nextShown, type Quality, qualityReceived, qualitySent, type ShownQuality } from './quality.ts';
import {
  type AwaitedStream,
  receivedBetween,
  type SentCounts,
  type StreamCounts,
  sentBetween,
  sentCounts,
  streamCounts,
} from './quality-figures.ts';

/**
 * Two reports of statistics each time, however many people there are. A second less is noise of a few packets; longer shows people what
 * they have heard already.
 */
const MEASURE_EVERY_MS = 2_000;

export interface QualityChange {
  /** `undefined`: oneself. */
  readonly peerId: PeerId | undefined;
  /** `undefined`: there is nothing to judge by. */
  readonly quality: Quality | undefined;
}

export interface QualityWatchOptions {
  readonly clock: Clock;
  /** `undefined` while there is no join. */
  readonly stats: () => Promise<CallStats | undefined>;
  /** Nothing is sent now, though it should be. */
  readonly isHeld: () => boolean;
  /** What is to come now from whom. */
  readonly awaited: () => ReadonlyMap<PeerId, readonly AwaitedStream[]>;
  readonly changed: (change: QualityChange) => void;
}

/** What two looks are compared by. */
interface Look {
  readonly atMs: number;
  readonly streams: ReadonlyMap<string, StreamCounts>;
  readonly sent: SentCounts;
}

/** Watches how everybody comes through, and oneself. */
export class QualityWatch {
  readonly #options: QualityWatchOptions;
  readonly #shown = new Map<PeerId | undefined, ShownQuality>();
  #last: Look | undefined;
  #stop: (() => void) | undefined;
  #measuring = false;

  constructor(options: QualityWatchOptions) {
    this.#options = options;
  }

  /** From the first join on. */
  begin(): void {
    this.#stop ??= every(this.#options.clock, MEASURE_EVERY_MS, () => void this.#measure());
  }

  /** Of oneself, without a peer. `undefined`: nothing to judge by. */
  quality(peerId: PeerId | undefined): Quality | undefined {
    return this.#shown.get(peerId)?.quality;
  }

  close(): void {
    this.#stop?.();
    this.#stop = () => undefined;
  }

  async #measure(): Promise<void> {
    if (this.#measuring) return;
    this.#measuring = true;
    try {
      this.#judge(await this.#options.stats());
    } catch {
      // a path that is just going: the next look says more
    } finally {
      this.#measuring = false;
    }
  }

  #judge(stats: CallStats | undefined): void {
    const { clock, awaited, isHeld } = this.#options;
    const before = this.#last;
    const people = awaited();
    const now = stats && lookAt(stats, [...people.values()].flat(), before, clock.nowMs());
    this.#last = now;
    const span = { fromMs: before?.atMs ?? 0, toMs: now?.atMs ?? 0 };
    for (const peerId of new Set([...this.#shown.keys(), ...people.keys()])) {
      if (peerId === undefined) continue;
      const received = before && now && receivedBetween(before.streams, now.streams, people.get(peerId) ?? [], span);
      this.#show(peerId, received && qualityReceived(received));
    }
    const sent = before && now && sentBetween(before.sent, now.sent, span.toMs - span.fromMs);
    this.#show(undefined, !now || isHeld() ? 'lost' : sent && qualitySent(sent));
  }

  #show(peerId: PeerId | undefined, measured: Quality | undefined): void {
    const before = this.#shown.get(peerId);
    const next = measured && nextShown(before, measured);
    if (next) this.#shown.set(peerId, next);
    else this.#shown.delete(peerId);
    if (next?.quality !== before?.quality) this.#options.changed({ peerId, quality: next?.quality });
  }
}

function lookAt(
  { send, recv }: CallStats,
  awaited: readonly AwaitedStream[],
  before: Look | undefined,
  atMs: number,
): Look {
  return { atMs, streams: streamCounts(recv, awaited, before?.streams ?? new Map(), atMs), sent: sentCounts(send) };
}
