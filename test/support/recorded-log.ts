import type { Log, LogFields } from '../../src/base/index.ts';

export interface LogLine {
  readonly event: string;
  readonly fields: LogFields;
}

/** A log that keeps its lines. */
export function recordedLog(lines: LogLine[] = [], carried: LogFields = {}): Log & { readonly lines: LogLine[] } {
  const record = (event: string, fields: LogFields = {}) => {
    lines.push({ event, fields: { ...carried, ...fields } });
  };
  return {
    lines,
    error: record,
    warn: record,
    info: record,
    debug: record,
    child: (fields) => recordedLog(lines, { ...carried, ...fields }),
  };
}
