import type { ConsumerId, MemberId, PeerId } from '../../src/base/index.ts';
import type { FrameKeys } from '../../src/client/e2ee/frame-keys.ts';
import type { Source } from '../../src/wire/index.ts';
import type { ValueOf } from '../support/node-session.ts';
import type { Downlink } from './downlink.ts';
import { codecOf, IncomingStream, type MutableStreamCounts, NO_STREAM, type StreamCounts } from './incoming-stream.ts';

export interface ReceptionOptions {
  readonly keys: FrameKeys;
  /** The member behind a peer, once in the group: before, its frames could not be opened. */
  readonly memberOf: (peerId: PeerId) => MemberId | undefined;
  /** Can receive this consumer. */
  readonly ready: (consumerId: ConsumerId) => void;
}

/** What a bot receives of the others. Counts outlive the consumers that carried what they count. */
export class Reception {
  readonly #options: ReceptionOptions;
  readonly #counts = new Map<string, MutableStreamCounts>();
  readonly #waiting = new Map<ConsumerId, ValueOf<'consumerOpened'>>();
  readonly #peers = new Map<ConsumerId, PeerId>();
  #downlink: Downlink | undefined;

  constructor(options: ReceptionOptions) {
    this.#options = options;
  }

  /** From now on over this path; what came over the last one is gone. */
  bind(downlink: Downlink): void {
    this.#downlink = downlink;
    this.#waiting.clear();
    this.#peers.clear();
  }

  of(memberId: MemberId | undefined, source: Source): StreamCounts {
    return (memberId && this.#counts.get(keyOf(memberId, source))) ?? NO_STREAM;
  }

  get all(): readonly StreamCounts[] {
    return [...this.#counts.values()];
  }

  /** Of everybody who has sent that source. */
  from(source: Source): readonly StreamCounts[] {
    return [...this.#counts].flatMap(([key, counts]) => (key.endsWith(` ${source}`) ? counts : []));
  }

  get consumers(): number {
    return this.#peers.size + this.#waiting.size;
  }

  consumerOpened(opened: ValueOf<'consumerOpened'>): void {
    this.#waiting.set(opened.consumerId, opened);
    this.membersChanged();
  }

  /** Sets up what waited for a member. */
  membersChanged(): void {
    for (const [consumerId, opened] of this.#waiting) {
      const memberId = this.#options.memberOf(opened.peerId);
      if (memberId === undefined) continue;
      this.#waiting.delete(consumerId);
      this.#peers.set(consumerId, opened.peerId);
      this.#downlink?.add(consumerId, this.#streamOf(opened, memberId));
      this.#options.ready(consumerId);
    }
  }

  consumerClosed(consumerId: ConsumerId): void {
    this.#waiting.delete(consumerId);
    this.#peers.delete(consumerId);
    this.#downlink?.remove(consumerId);
  }

  /** A peer that leaves takes its consumers along: they are not announced one by one. */
  peerLeft(peerId: PeerId): void {
    for (const [consumerId, opened] of this.#waiting) if (opened.peerId === peerId) this.#waiting.delete(consumerId);
    for (const [consumerId, owner] of this.#peers) if (owner === peerId) this.consumerClosed(consumerId);
  }

  #streamOf(opened: ValueOf<'consumerOpened'>, memberId: MemberId): IncomingStream {
    const { source } = opened;
    const key = keyOf(memberId, source);
    const counts = this.#counts.get(key) ?? { ...NO_STREAM };
    this.#counts.set(key, counts);
    const opener = this.#options.keys.opener({ memberId, source, codec: codecOf(opened) });
    return new IncomingStream({ opened, opener, counts });
  }
}

const keyOf = (memberId: MemberId, source: Source) => `${memberId} ${source}`;
