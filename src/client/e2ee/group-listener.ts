import type { MemberId, PeerId } from '../../base/index.ts';
import type { Group, Member } from '../../crypto/index.ts';
import type { AddRefusal, SealedMessage } from '../../wire/index.ts';
import type { DeviceKey } from './device-key.ts';

/** Somebody who waits for a person to press Admit. */
export interface Knocker {
  readonly memberId: MemberId;
  /** What Admit and Refuse are about: the server cannot give it to somebody else. */
  readonly deviceKey: DeviceKey;
  /** Absent when the name cannot be opened. */
  readonly name: string | undefined;
}

/** What an answer to a knock has to say of it. */
export type KnockedAs = Pick<Knocker, 'memberId' | 'deviceKey'>;

/** Whom to remove: the member whose device is barred, and what the server calls them. */
export interface RemovedAs {
  readonly memberId: MemberId;
  readonly peerId: PeerId;
}

export type RefusedReason = AddRefusal | 'cannot-enter';

/** Where this device stands towards the group: the state without its secrets. */
export type Standing =
  | { readonly kind: 'outside' | 'asking' | 'waiting' | 'inside' | 'rejecting' }
  | { readonly kind: 'refused'; readonly reason: RefusedReason };

/** A new epoch, as far as others need to know. */
export interface Epoch {
  readonly epoch: number;
  readonly group: Group;
  /** Whether somebody was removed on the way here: their key must not be used for another frame. */
  readonly removed: boolean;
  /** Whether the commit was ours: our leaf has new keys. */
  readonly byUs: boolean;
  /** Whether this is the first epoch of this device in its group. */
  readonly entered: boolean;
}

export interface GroupListener {
  standing(standing: Standing): void;
  /** Called in order; the next step waits for it. */
  epoch(epoch: Epoch): Promise<void> | void;
  /** Every member has reached this epoch. */
  ready(epoch: number): void;
  /** `epoch` is the one that it was sealed in. */
  message(from: Member, message: SealedMessage, epoch: bigint): void;
  /** A message of the present epoch that does not open. `from` is the server's word. */
  unopened(from: MemberId): void;
  knocking(knockers: readonly Knocker[]): void;
  /** A moderator removed a member, who is still in the group: the commit follows. */
  removed(memberId: MemberId, by: MemberId): void;
}

/** Hears nothing more of a group that was left. */
export const NOBODY: GroupListener = {
  standing: () => undefined,
  epoch: () => undefined,
  ready: () => undefined,
  message: () => undefined,
  unopened: () => undefined,
  knocking: () => undefined,
  removed: () => undefined,
};
