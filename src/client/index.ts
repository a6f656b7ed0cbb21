export {
  CallError,
  type CallErrorCode,
  type Log,
  type LogFields,
  type PeerId,
  type RoomId,
  randomId,
} from '../base/index.ts';
export type { MediaKind, Source } from '../wire/index.ts';
export { Call, type CallOptions } from './call.ts';
export type { CallEvents } from './call-events.ts';
export type { CallState, LeftReason, LossCause } from './call-state.ts';
export type { DeviceError, DeviceProblem } from './device-error.ts';
export type { FrameCounts } from './frame-counts.ts';
export { type LocalTrack, showLocal } from './local-track.ts';
export type { CallStats } from './media.ts';
export type { RemoteTrack } from './remote-track.ts';
export type { Publication, Roster, RosterPeer } from './roster.ts';
export type { Token } from './token.ts';
