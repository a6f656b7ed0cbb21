import type { MemberId } from '../../base/index.ts';
import { type AbortReason, type CodeRound, startAtMs } from '../../crypto/index.ts';

/** The six emoji that people read to each other. */
export type EmojiCode =
  | { readonly kind: 'none' }
  | { readonly kind: 'making' }
  | ({ readonly kind: 'ready'; readonly emoji: readonly EmojiView[] } & MadeCode)
  | ({ readonly kind: 'aborted'; readonly reason: AbortReason } & MadeCode);

interface MadeCode {
  /** Of a ready one: whose shares count. Of an aborted one: by whose doing or silence. */
  readonly memberIds: readonly MemberId[];
  /** A start before that is ignored (see RoundPace). */
  readonly againInMs: number;
}

export interface EmojiView {
  readonly symbol: string;
  readonly english: string;
  readonly italian: string;
}

export function emojiCodeOf(round: CodeRound, nowMs: number): EmojiCode {
  const { stage } = round;
  const waitMs = startAtMs(round) - nowMs;
  const againInMs = Number.isFinite(waitMs) ? Math.max(0, waitMs) : 0;
  switch (stage.kind) {
    case 'idle':
      return { kind: 'none' };
    case 'open':
    case 'revealing':
      return { kind: 'making' };
    case 'done':
      return { kind: 'ready', emoji: stage.emoji, memberIds: stage.memberIds, againInMs };
    case 'aborted':
      return { kind: 'aborted', reason: stage.reason, memberIds: stage.memberIds, againInMs };
  }
}
