import type { MemberId, PeerId } from '../base/index.ts';
import type { Source } from '../wire/index.ts';
import type { CallState, LeftReason, LossCause } from './call-state.ts';
import type { DeviceError } from './device-error.ts';
import type { DeviceKind, Devices } from './devices.ts';
import type { Security } from './e2ee/security.ts';
import type { QualityChange } from './quality-watch.ts';
import type { RemoteTrack } from './remote-track.ts';
import type { Roster, RosterPeer } from './roster.ts';

/** A member under the name in their leaf. */
export interface NamedMember {
  readonly memberId: MemberId;
  readonly displayName: string;
}

/** Who removed whom, sealed by the one who did: the server cannot say it. Either may be oneself (`security.self`). */
export interface MemberRemoval {
  readonly member: NamedMember;
  readonly by: NamedMember;
}

export interface LockChange {
  readonly locked: boolean;
  /** Who did it, by the server's word, oneself perhaps; absent when it was so when this device came. */
  readonly by: PeerId | undefined;
}

/** Sealed between members: the server has not read it. */
export interface ChatMessage extends NamedMember {
  readonly text: string;
}

export interface Reaction extends NamedMember {
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

  /** Somebody asks this device to mute: it is never done for them. At most once in 10 s by the same member. */
  muteAsked: readonly [NamedMember];
  /** A moderator removed somebody; the departure itself follows as `peerLeft`. */
  memberRemoved: readonly [MemberRemoval];
  /** `call.locked` changed. */
  lockChanged: readonly [LockChange];

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
