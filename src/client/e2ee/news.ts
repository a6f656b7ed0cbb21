import type { MemberId } from '../../base/index.ts';
import type { Presence } from '../../wire/index.ts';
import type { CallMember } from '../roster.ts';
import type { EmojiCode } from './emoji-code.ts';
import type { ForkVerdict } from './fork-check.ts';
import type { Knocker, Standing } from './group-listener.ts';

/** Everything that the page's thread learns from the engine. No key is in it. */
export type EngineNews =
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
  | { readonly kind: 'chat'; readonly memberId: MemberId; readonly text: string }
  | { readonly kind: 'reaction'; readonly memberId: MemberId; readonly emoji: string }
  | { readonly kind: 'knocking'; readonly knockers: readonly Knocker[] }
  | { readonly kind: 'agreement'; readonly verdict: ForkVerdict }
  | { readonly kind: 'emoji'; readonly code: EmojiCode };
