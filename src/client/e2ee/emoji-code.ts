import type { MemberId } from '../../base/index.ts';
import { type AbortReason, type CodeRound, startAtMs } from '../../crypto/index.ts';

/** The six emoji that people read to each other. */
export type EmojiCode =
  | { readonly kind: 'none' }
  | { readonly kind: 'making' }
  /** `round`: which of the codes that this device has made, for `verify`. */
  | ({ readonly kind: 'ready'; readonly round: number; readonly emoji: readonly EmojiView[] } & MadeCode)
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

/** `round` counts the codes that were made, this one with them. */
export function emojiCodeOf(
  code: CodeRound,
  { round, nowMs }: { readonly round: number; readonly nowMs: number },
): EmojiCode {
  const { stage } = code;
  const waitMs = startAtMs(code) - nowMs;
  const againInMs = Number.isFinite(waitMs) ? Math.max(0, waitMs) : 0;
  switch (stage.kind) {
    case 'idle':
      return { kind: 'none' };
    case 'open':
    case 'revealing':
      return { kind: 'making' };
    case 'done':
      return { kind: 'ready', round, emoji: stage.emoji, memberIds: stage.memberIds, againInMs };
    case 'aborted':
      return { kind: 'aborted', reason: stage.reason, memberIds: stage.memberIds, againInMs };
  }
}
