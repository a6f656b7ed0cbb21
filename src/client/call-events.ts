import type { MemberId, PeerId } from '../base/index.ts';
import type { Source } from '../wire/index.ts';
import type { CallState, LeftReason, LossCause } from './call-state.ts';
import type { DeviceError } from './device-error.ts';
import type { DeviceKind, Devices } from './devices.ts';
import type { Security } from './e2ee/security.ts';
import type { QualityChange } from './quality-watch.ts';
import type { RemoteTrack } from './remote-track.ts';
import type { Roster, RosterPeer } from './roster.ts';

/** Sealed between members: the server has not read it. */
export interface ChatMessage {
  readonly memberId: MemberId;
  /** As their leaf in the group names them. */
  readonly displayName: string;
  readonly text: string;
}

export interface Reaction extends Omit<ChatMessage, 'text'> {
  readonly emoji: string;
}

/** What a call tells. Past tense: nothing is asked, and the call already stands as the event says. */
export interface CallEvents extends Record<string, readonly unknown[]> {
  /** Every change of `call.state`; the four below are the same news by name. */
  stateChanged: readonly [CallState];
  /** The first join succeeded. */
  joined: readonly [];
  /** Media or signaling broke; the call is coming back by itself. */
  reconnecting: readonly [LossCause];
  reconnected: readonly [];
  /** The end: a call is joined once. */
  left: readonly [LeftReason];

  /** Every change of `call.security`: the group of keys, the lobby, the codes, what is wrong. */
  securityChanged: readonly [Security];
  /** A member said something to all. */
  chat: readonly [ChatMessage];
  reaction: readonly [Reaction];

  /** Every change of `call.roster`, once per change, before the news that it consists of. */
  rosterChanged: readonly [Roster];
  peerJoined: readonly [RosterPeer];
  peerLeft: readonly [RosterPeer];
  trackPublished: readonly [RemoteTrack];
  trackUnpublished: readonly [RemoteTrack];
  trackMuted: readonly [RemoteTrack];
  trackUnmuted: readonly [RemoteTrack];
  /** Who speaks now, loudest first; may hold one's own id; empty when nobody does. */
  activeSpeakers: readonly [readonly PeerId[]];

  /** Somebody comes through better or worse than before, or oneself does. */
  qualityChanged: readonly [QualityChange];

  /** `call.localTrack(source)` came, went, or changed between muted and not. */
  localTrackChanged: readonly [Source];
  /** A microphone, camera or screen is not there; the call goes on without it. */
  deviceError: readonly [DeviceError];
  /** Every change of `call.devices`: one was plugged in or out, labels came with a permission, another was chosen. */
  devicesChanged: readonly [Devices];
  /** The chosen one went, or cannot be had; the browser's default serves in its place. */
  deviceReplaced: readonly [DeviceKind];
  /** The browser holds sound back until a click: call `call.resumeAudio()` from one. */
  autoplayBlocked: readonly [];
}

/** Tells the page. */
export type TellCall = <Name extends keyof CallEvents & string>(name: Name, ...args: CallEvents[Name]) => void;
