import { CallError, type CallErrorCode } from '../base/index.ts';
import { WireError } from '../wire/index.ts';

/**
 * WebSocket close codes of the refusals that end a session (RFC 6455 section 7.4.2: 4000 to 4999 are the application's).
 * The SessionClosing before it says the same in words. Codes without a row refuse one frame and close nothing.
 */
export const CLOSE_CODES = {
  unauthenticated: 4001,
  'token-expired': 4002,
  'token-used': 4003,
  'resume-refused': 4004,
  malformed: 4010,
  invalid: 4011,
  'too-large': 4012,
  'out-of-order': 4013,
  'rate-limited': 4020,
  'too-slow': 4021,
  'hello-timeout': 4030,
  'idle-timeout': 4031,
  replaced: 4040,
  removed: 4042,
  'server-full': 4050,
  unavailable: 4051,
  'shutting-down': 4052,
  internal: 4060,
} as const satisfies Partial<Record<CallErrorCode, number>>;

/** Of a socket whose session went on over a newer one: nothing is said before it. */
export const RESUMED_CLOSE_CODE = 4041;

/** A code that may end a session. */
export type ClosingCode = keyof typeof CLOSE_CODES;

export function closes(code: CallErrorCode): code is ClosingCode {
  return Object.hasOwn(CLOSE_CODES, code);
}

/** Clients refuse a longer one. */
const MAX_MESSAGE_CHARS = 255;

/** What a client is told of an error: never its cause. */
export function toRefusal({ code, message, retryable, nextServer }: CallError) {
  return { code, message: message.slice(0, MAX_MESSAGE_CHARS), retryable, ...(nextServer && { nextServer }) };
}

/** Anything thrown, as a CallError: the decoder's errors keep their code, what nobody foresaw becomes `internal`. */
export function toCallError(error: unknown): CallError {
  return error instanceof WireError ? new CallError(error.code, error.message) : CallError.from(error);
}
