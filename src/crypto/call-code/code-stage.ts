import type { MemberId } from '../../base/index.ts';
import type { CodeEmoji } from './emoji.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Where the code of a call stands for one member.
 *
 *     idle, done, aborted ──start──> open ──close──> revealing ──last share──> done
 *                                     │  └─smaller start─> open   │
 *                                     └────────> aborted <────────┘
 */
export type CodeStage = { readonly kind: 'idle' } | OpenStage | RevealingStage | DoneStage | AbortedStage;

/** Everyone commits; nobody has shown a share. */
export interface OpenStage {
  readonly kind: 'open';
  readonly roundId: Bytes;
  readonly starterId: MemberId;
  readonly openedMs: number;
  /** Ours, still hidden. */
  readonly share: Bytes;
  /** Ours among them. */
  readonly commitments: ReadonlyMap<MemberId, Uint8Array>;
  /**
   * Rounds that this one took the place of: when such a round is closed all the same, people would see different codes.
   */
  readonly overtaken: readonly Overtaken[];
}

export interface Overtaken {
  readonly roundId: Uint8Array;
  readonly starterId: MemberId;
}

/** It is settled whose shares count, and they are shown. */
export interface RevealingStage {
  readonly kind: 'revealing';
  readonly roundId: Bytes;
  readonly closedMs: number;
  /** Of those who count, and of nobody else. */
  readonly commitments: ReadonlyMap<MemberId, Uint8Array>;
  readonly shares: ReadonlyMap<MemberId, Uint8Array>;
}

/** Stays when the next epoch begins: what people compared was true of this epoch. */
export interface DoneStage {
  readonly kind: 'done';
  readonly epoch: bigint;
  readonly emoji: readonly CodeEmoji[];
  /** Whose shares count: only for them is the code proof against a chosen one. We are always among them. */
  readonly memberIds: readonly MemberId[];
}

export interface AbortedStage {
  readonly kind: 'aborted';
  readonly reason: AbortReason;
  /** By whose doing or silence; empty when it was nobody's. */
  readonly memberIds: readonly MemberId[];
}

export type AbortReason =
  /** A share that is not the one committed to. */
  | 'wrong-share'
  | 'second-commitment'
  /** A share was shown while others could still choose theirs. */
  | 'early-reveal'
  /** Closed by a member that had not started it. */
  | 'foreign-close'
  /**
   * Closed without members who had committed: they were late, or the starter does not want them. This device may be
   * one.
   */
  | 'left-out'
  /**
   * Closed before others had a second to commit, without the starter's own share, or with one that nobody committed to.
   */
  | 'bad-close'
  /** Two rounds were running, and the one that had lost was closed. */
  | 'overtaken'
  /** Another member has given it up and starts anew. Never seen for long. */
  | 'given-up'
  /** The starter fell silent. */
  | 'not-closed'
  /** We started, and were alone. */
  | 'nobody-answered'
  | 'share-missing'
  /** Somebody came, left or refreshed keys in the middle: nobody's fault. */
  | 'epoch-changed';
