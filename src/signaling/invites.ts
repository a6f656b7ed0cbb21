import { CallError, type Clock, type Rate, type RoomId, TokenBucket, type UserId } from '../base/index.ts';
import type { Webhook } from '../ops/index.ts';

/** Somebody in a call asks somebody who is not in it. */
export interface Invite {
  readonly roomId: RoomId;
  /** Who asks. */
  readonly from: UserId;
  readonly to: UserId;
}

export interface InvitesOptions {
  /** Absent: this server has no backend to ask. */
  readonly webhook: Pick<Webhook, 'tell'> | undefined;
  /** Of one room. */
  readonly rate: Rate;
  readonly clock: Clock;
}

/** Asks the backend to ring people, and no room too many. */
export class Invites {
  readonly #options: InvitesOptions;
  /** The one that was used last is the last. */
  readonly #rooms = new Map<RoomId, { readonly bucket: TokenBucket; usedMs: number }>();

  constructor(options: InvitesOptions) {
    this.#options = options;
  }

  /** Rooms that asked lately. */
  get rooms(): number {
    return this.#rooms.size;
  }

  /** Resolves when the backend has taken it. @throws CallError `unavailable`, `rate-limited` */
  async send({ roomId, from, to }: Invite): Promise<void> {
    const { webhook } = this.#options;
    if (!webhook) throw new CallError('unavailable', 'this server has no backend to ask');
    if (!this.#take(roomId)) throw new CallError('rate-limited', 'this room invites too often');
    await webhook.tell({ type: 'call.invited', fields: { room: roomId, from, to } });
  }

  #take(roomId: RoomId): boolean {
    const { rate, clock } = this.#options;
    const nowMs = clock.nowMs();
    for (const [room, { usedMs }] of this.#rooms) {
      if (nowMs - usedMs < (rate.burst / rate.perSecond) * 1000) break;
      this.#rooms.delete(room); // its bucket is full again
    }
    const { bucket } = this.#rooms.get(roomId) ?? { bucket: new TokenBucket(rate, nowMs) };
    this.#rooms.delete(roomId);
    this.#rooms.set(roomId, { bucket, usedMs: nowMs });
    return bucket.take(1, nowMs);
  }
}
