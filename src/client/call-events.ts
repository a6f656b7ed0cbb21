import type { PeerId } from '../base/index.ts';
import type { Source } from '../wire/index.ts';
import type { CallState, LeftReason, LossCause } from './call-state.ts';
import type { DeviceError } from './device-error.ts';
import type { RemoteTrack } from './remote-track.ts';
import type { Roster, RosterPeer } from './roster.ts';

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

  /** `call.localTrack(source)` came, went, or changed between muted and not. */
  localTrackChanged: readonly [Source];
  /** A microphone, camera or screen is not there; the call goes on without it. */
  deviceError: readonly [DeviceError];
  /** The browser holds sound back until a click: call `call.resumeAudio()` from one. */
  autoplayBlocked: readonly [];
}
