/** Everything that can be refused, for programs. The wire says it in the same words; docs/protocol.md explains each. */
export type CallErrorCode =
  | 'unauthenticated'
  | 'token-expired'
  | 'token-used'
  | 'resume-refused'
  | 'wrong-room'
  | 'too-large'
  | 'malformed'
  | 'invalid'
  | 'out-of-order'
  | 'already-joined'
  | 'not-found'
  | 'forbidden'
  | 'room-full'
  | 'room-locked'
  | 'server-full'
  | 'rate-limited'
  | 'too-slow'
  | 'hello-timeout'
  | 'idle-timeout'
  | 'replaced'
  | 'removed'
  | 'media-lost'
  | 'stale-epoch'
  | 'unavailable'
  | 'shutting-down'
  | 'internal';

const RETRYABLE: ReadonlySet<CallErrorCode> = new Set([
  'room-full',
  'room-locked',
  'server-full',
  'rate-limited',
  'too-slow',
  'hello-timeout',
  'idle-timeout',
  'media-lost',
  'unavailable',
  'shutting-down',
  'internal',
]);

export interface CallErrorOptions {
  readonly cause?: unknown;
  /** With `server-full`: the URL of a server that may have room. */
  readonly nextServer?: string | undefined;
}

/** A request that was refused. Nothing changed by it. The message is for developers and holds no secret; the cause stays here. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly nextServer: string | undefined;

  constructor(
    readonly code: CallErrorCode,
    message: string,
    { nextServer, ...options }: CallErrorOptions = {},
  ) {
    super(message, options);
    this.nextServer = nextServer;
  }

  /** Whether the same request may succeed later without any change. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }

  /** The error itself when it is one of ours; else `internal`, with the cause kept for the log. */
  static from(error: unknown): CallError {
    return error instanceof CallError ? error : new CallError('internal', 'internal error', { cause: error });
  }
}
