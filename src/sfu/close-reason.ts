import { CallError } from '../base/index.ts';

/** Why a peer is closed: it left, its worker died and no other came up, or the server ends. */
export type CloseReason = 'left' | 'lost' | 'shutdown';

const REFUSALS = {
  left: ['out-of-order', 'the peer has left the room'],
  lost: ['media-lost', 'the worker of this peer died'],
  shutdown: ['shutting-down', 'the server ends'],
} as const satisfies Record<CloseReason, unknown>;

/** What a closed peer answers to every request. */
export function closedError(reason: CloseReason, cause?: unknown): CallError {
  const [code, message] = REFUSALS[reason];
  return new CallError(code, message, { cause });
}
