/** All that a log line may say beside its event. An allow-list: no key, token, whole id, address or name has a field. */
export interface LogFields {
  /** Shortened by the logger. */
  readonly room?: string;
  /** Shortened by the logger. */
  readonly peer?: string;
  /** Shortened by the logger. */
  readonly session?: string;
  /** Process id of a worker. */
  readonly worker?: number;
  readonly code?: string;
  readonly reason?: string;
  readonly count?: number;
  readonly peers?: number;
  readonly port?: number;
  readonly tookMs?: number;
  /** Only the stack and message are written. */
  readonly error?: unknown;
}

/** `event` is a constant phrase in the past tense, so that lines can be counted. */
export interface Log {
  error(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
  /** The same log with fields that every line carries. */
  child(fields: LogFields): Log;
}

export const silentLog: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  child: () => silentLog,
};
