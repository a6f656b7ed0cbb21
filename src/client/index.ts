export {
  CallError,
  type CallErrorCode,
  type Log,
  type LogFields,
  type MemberId,
  type PeerId,
  type RoomId,
  randomId,
} from '../base/index.ts';
export type { LeafClaim } from '../crypto/index.ts';
export type { MediaKind, Neighbour, Presence, Role, Source } from '../wire/index.ts';
export { Call } from './call.ts';
export type { CallEvents, ChatMessage, LockChange, MemberRemoval, NamedMember, Reaction } from './call-events.ts';
export type { CallOptions } from './call-options.ts';
export { fromFragment, type LinkSecret, randomSecret, toFragment } from './call-secret.ts';
export type { CallState, LeftReason, LossCause } from './call-state.ts';
export type { CameraCodec } from './camera-codec.ts';
export type { DeviceError, DeviceProblem } from './device-error.ts';
export type { DeviceChoice, DeviceKind, Devices, OfferedDevice } from './devices.ts';
export type { AppAdmission } from './e2ee/e2ee.ts';
export type { EmojiCode } from './e2ee/emoji-code.ts';
export type { ForkVerdict } from './e2ee/fork-check.ts';
export type { KnockedAs, Knocker, RefusedReason } from './e2ee/group-listener.ts';
export { type Admittance, type HaltCause, ownMember, type Security } from './e2ee/security.ts';
export type { Compared } from './e2ee/shown-codes.ts';
export type { FrameCounts } from './frame-counts.ts';
export { type LocalTrack, showLocal } from './local-track.ts';
export type { CallStats } from './media.ts';
export type { Quality } from './quality.ts';
export type { QualityChange } from './quality-watch.ts';
export type { RemoteTrack } from './remote-track.ts';
export type { CallMember, Roster, RosterPeer } from './roster.ts';
export type { Publication } from './server-roster.ts';
export type { Token } from './token.ts';
export type { ProcessedTrack, TrackProcessor } from './track-processor.ts';
