import type { MemberId } from '../../base/index.ts';
import type { Presence } from '../../wire/index.ts';
import type { CallMember } from '../roster.ts';
import type { EmojiCode } from './emoji-code.ts';
import type { ForkVerdict } from './fork-check.ts';
import type { Knocker, Standing } from './group-listener.ts';

/** What somebody said or did, once: nothing that stands. */
export type SpokenNews =
  | { readonly kind: 'chat'; readonly memberId: MemberId; readonly text: string }
  | { readonly kind: 'reaction'; readonly memberId: MemberId; readonly emoji: string }
  /** That member asks us to mute. */
  | { readonly kind: 'mute-asked'; readonly memberId: MemberId }
  /** The same person took the call over on another device: ours is to leave. */
  | { readonly kind: 'moved-away'; readonly memberId: MemberId }
  /** A moderator removed a member, ourselves perhaps; it is still among `members`. */
  | { readonly kind: 'removed'; readonly memberId: MemberId; readonly by: MemberId };

/** What changed of how the call stands. */
export type SnapshotNews =
  | { readonly kind: 'standing'; readonly standing: Standing }
  /** After every epoch, and when somebody's trust changed; ourselves are in `members`. */
  | {
      readonly kind: 'members';
      readonly epoch: number;
      readonly self: MemberId;
      readonly members: readonly CallMember[];
    }
  /** The 30 digits of this epoch, in six groups; only while somebody looks at them, for they cost up to half a second. */
  | { readonly kind: 'digits'; readonly epoch: number; readonly digits: readonly string[] }
  | { readonly kind: 'presence'; readonly memberId: MemberId; readonly presence: Presence }
  | { readonly kind: 'knocking'; readonly knockers: readonly Knocker[] }
  | { readonly kind: 'agreement'; readonly verdict: ForkVerdict }
  | { readonly kind: 'emoji'; readonly code: EmojiCode };

/** Everything that the page's thread learns from the engine. No key is in it. */
export type EngineNews = SpokenNews | SnapshotNews;

export function isSpoken(news: EngineNews): news is SpokenNews {
  return ['chat', 'reaction', 'mute-asked', 'moved-away', 'removed'].includes(news.kind);
}
