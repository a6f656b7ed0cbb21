import { type Logger, pino } from 'pino';
import { type Log, type LogFields, shortId } from '../base/index.ts';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'silent';

/** Lines of JSON on `destination` (a stream that pino takes; standard error by default). */
export function openLog(
  level: LogLevel,
  destination: pino.DestinationStream = pino.destination({ dest: 2, sync: false }),
): Log {
  return new PinoLog(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination));
}

class PinoLog implements Log {
  readonly #pino: Logger;

  constructor(logger: Logger) {
    this.#pino = logger;
  }

  error(event: string, fields?: LogFields): void {
    this.#pino.error(allowed(fields), event);
  }

  warn(event: string, fields?: LogFields): void {
    this.#pino.warn(allowed(fields), event);
  }

  info(event: string, fields?: LogFields): void {
    this.#pino.info(allowed(fields), event);
  }

  debug(event: string, fields?: LogFields): void {
    if (this.#pino.isLevelEnabled('debug')) this.#pino.debug(allowed(fields), event);
  }

  child(fields: LogFields): Log {
    return new PinoLog(this.#pino.child(allowed(fields)));
  }
}

/** Picks the fields that a log may hold, by name: what a caller's type let through by mistake stops here. */
function allowed(fields: LogFields = {}): Record<string, unknown> {
  const { room, peer, session, worker, code, reason, count, peers, port, tookMs, error } = fields;
  return {
    room: room && shortId(room),
    peer: peer && shortId(peer),
    session: session && shortId(session),
    worker,
    code,
    reason,
    count,
    peers,
    port,
    tookMs: tookMs && Math.round(tookMs),
    error: error === undefined ? undefined : stackOf(error),
  };
}

/** A thrown value may carry anything (a request, a token): only its stack is kept, and the stacks of its causes. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? own : `${own}\ncaused by ${stackOf(error.cause)}`;
}
