import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** At most a minute, for a first look: fewer rounds, wider scatter. */
  readonly quick: boolean;
  /** Where the figures go as JSON; only printed when absent. */
  readonly json: string | undefined;
}

/** The options that every bench takes. @throws for one that does not exist. */
export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
  });
  return { quick: values.quick, json: values.json };
}

/** Prints the figures, one a line, and writes them where `--json` says. The load average tells how busy the machine was. */
export function report(name: string, figures: Readonly<Record<string, unknown>>, { json }: BenchOptions): void {
  const result = { bench: name, ...figures, load_average: loadavg()[0] };
  const lines = Object.entries(result).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  process.stdout.write(`${lines.join('\n')}\n`);
  if (json) writeFileSync(json, `${JSON.stringify(result, undefined, 2)}\n`);
}

/** Of the values the smallest that at least `share` of them do not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
