import { CallError, type CallErrorCode, type PeerId } from '../base/index.ts';
import type { Role } from '../wire/index.ts';
import type { RefusedReason } from './e2ee/group-listener.ts';

/**
 * Where a call stands. It is joined once, and never comes back from `left`.
 *
 *     idle ──> connecting ──> joined <──> reconnecting
 *       │          │            │              │
 *       └──────────┴──────────> left <─────────┘
 */
export type CallState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  /** A listener can publish nothing; a moderator may remove people and lock the call. */
  | { readonly kind: 'joined'; readonly peerId: PeerId; readonly role: Role; readonly moderator: boolean }
  | { readonly kind: 'reconnecting'; readonly cause: LossCause }
  | { readonly kind: 'left'; readonly reason: LeftReason };

/** What broke: the signaling socket, or the path or worker that carried the media. */
export type LossCause = 'socket' | 'media';

export type LeftReason =
  /** `leave()` was called. */
  | { readonly kind: 'asked' }
  /** Another device of the same person took the call over (`moveHere`). */
  | { readonly kind: 'moved' }
  /** Members said no, or the group of keys could not be entered. */
  | { readonly kind: 'not-admitted'; readonly reason: RefusedReason }
  /**
   * The server said no, for good or at the first try. `code` is one of docs/protocol.md, or newer than this code; `nextServer` is the URL
   * of another that may have room.
   */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly nextServer?: string }
  /** The server could not be reached again in time. */
  | { readonly kind: 'unreachable' };

export type CallStep =
  | { readonly kind: 'join-asked' }
  | { readonly kind: 'joined'; readonly peerId: PeerId; readonly role: Role; readonly moderator: boolean }
  | { readonly kind: 'lost'; readonly cause: LossCause }
  | { readonly kind: 'ended'; readonly reason: LeftReason };

/** The state after `step`; the very same object when the step means nothing there. */
export function nextState(state: CallState, step: CallStep): CallState {
  switch (step.kind) {
    case 'join-asked':
      return state.kind === 'idle' ? { kind: 'connecting' } : state;
    case 'joined':
      return state.kind === 'connecting' || state.kind === 'reconnecting' ? step : state;
    case 'lost':
      return state.kind === 'joined' ? { kind: 'reconnecting', cause: step.cause } : state;
    case 'ended':
      return state.kind === 'left' ? state : { kind: 'left', reason: step.reason };
  }
}

export function refused({ code, message, nextServer }: CallError): LeftReason {
  return { kind: 'refused', code, message, ...(nextServer !== undefined && { nextServer }) };
}

/** As `join` throws it. */
export function toCallError(reason: LeftReason): CallError {
  if (reason.kind === 'not-admitted') return new CallError('forbidden', `members refused: ${reason.reason}`);
  if (reason.kind === 'refused') return new CallError(reason.code as CallErrorCode, reason.message, reason);
  return new CallError('unavailable', 'left before the call was joined');
}
