import type { CallErrorCode, DeviceId, MemberId, RoomId, UserId } from '../../base/index.ts';
import type { Codec, LeafClaim } from '../../crypto/index.ts';
import type { MediaKind, Presence, SentClientMessage, Source } from '../../wire/index.ts';
import type { KnockedAs, RemovedAs } from './group-listener.ts';
import type { MlsFact } from './mls-fact.ts';
import type { EngineNews } from './news.ts';
import type { Compared } from './shown-codes.ts';

/** Who begins a stay in which call. */
export interface Beginning {
  readonly memberId: MemberId;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly roomId: RoomId;
  readonly name: string;
  /** From the link's fragment; absent where the app's own callbacks admit. */
  readonly secret: Uint8Array | undefined;
  readonly lobby: boolean;
}

/** What a transform is told when it is attached. */
export type TransformOptions = {
  readonly id: number;
  readonly kind: MediaKind;
  readonly source: Source;
  readonly codec: Codec;
} & ({ readonly direction: 'send' } | { readonly direction: 'recv'; readonly memberId: MemberId });

/** From the page's thread. */
export type ToWorker =
  | { readonly kind: 'begin'; readonly beginning: Beginning }
  | { readonly kind: 'told'; readonly fact: MlsFact }
  /** The server answered request `id`. */
  | { readonly kind: 'answered'; readonly id: number; readonly refusal: Refusal | undefined }
  /** The app's callback answered question `id`; `undefined` when it threw. */
  | { readonly kind: 'app-answered'; readonly id: number; readonly value: Uint8Array | boolean | undefined }
  | { readonly kind: 'chat'; readonly text: string }
  | { readonly kind: 'reaction'; readonly emoji: string }
  | { readonly kind: 'presence'; readonly presence: Presence }
  | { readonly kind: 'admit'; readonly knocker: KnockedAs; readonly admitted: boolean }
  | { readonly kind: 'ask-to-mute'; readonly memberId: MemberId }
  /** Who may remove others. */
  | { readonly kind: 'moderators'; readonly memberIds: ReadonlySet<MemberId> }
  /** Answered over the port that comes along, with `Refusal | undefined`. */
  | { readonly kind: 'remove'; readonly target: RemovedAs }
  | { readonly kind: 'make-emoji' }
  | { readonly kind: 'move-here' }
  /** Somebody looks at the 30 digits, or no longer does. */
  | { readonly kind: 'watch-digits'; readonly watched: boolean }
  /** People compared a code: whoever was in it is verified. */
  | { readonly kind: 'verify'; readonly compared: Compared }
  /** Answered over the port that comes along, with FrameCounts. */
  | { readonly kind: 'count' };

export interface Refusal {
  readonly code: CallErrorCode;
  readonly message: string;
}

/** To the page's thread. `stay`: whose words they are; those of a stay that is over are for a server that is gone. */
export type FromWorker =
  | { readonly kind: 'request'; readonly stay: MemberId; readonly id: number; readonly body: SentClientMessage }
  | { readonly kind: 'intend'; readonly stay: MemberId; readonly body: SentClientMessage }
  | { readonly kind: 'app-prove'; readonly id: number; readonly claim: LeafClaim }
  | { readonly kind: 'app-check'; readonly id: number; readonly claim: LeafClaim; readonly proof: Uint8Array }
  | { readonly kind: 'news'; readonly news: EngineNews }
  /** The first frame passed transform `id`. */
  | { readonly kind: 'flowing'; readonly id: number }
  /** The engine broke: nothing is sealed any more, so nothing is sent. */
  | { readonly kind: 'broke'; readonly message: string };
