import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** At most a minute, for a first look: fewer rounds, wider scatter. */
  readonly quick: boolean;
  /** Where the figures go as JSON; only printed when absent. */
  readonly json: string | undefined;
  /** How the machine was when the bench began. */
  readonly before: Moment;
  /** What was built then: the tree may go on meanwhile. */
  readonly commit: string;
}

interface Moment {
  readonly ms: number;
  /** Of the last minute: processes that ran or waited to. */
  readonly load: number;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly kernel: string;
  readonly node: string;
}

/** Of a fraction: a tenth of a per mille, where rounds differ by per cents. */
const DIGITS = 5;

/** The options that every bench takes; to be asked for when it begins. @throws for one that does not exist. */
export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
  });
  return { quick: values.quick, json: values.json, before: moment(), commit: commit() };
}

/** Prints the figures, one a line, with what they depend on, and writes them where `--json` says. */
export function report(name: string, figures: Readonly<Record<string, unknown>>, options: BenchOptions): void {
  const { before, json, quick } = options;
  const after = moment();
  const result = readable({
    bench: name,
    quick,
    date: new Date().toISOString(),
    commit: options.commit,
    machine: machine(),
    seconds: Math.round((after.ms - before.ms) / 1000),
    load_average: { before: before.load, after: after.load },
    ...figures,
  });
  const lines = Object.entries(result).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  process.stdout.write(`${lines.join('\n')}\n`);
  if (json) writeFileSync(json, toJson(result));
}

/** Fractions in so many digits as may mean something, however deep. */
function readable(result: object): Record<string, unknown> {
  const shorten = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
  return JSON.parse(JSON.stringify(result, shorten));
}

/** A figure a line, and of a list of rounds a round a line: files that are kept stay small, and differ where figures do. */
export function toJson(result: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(result).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${isList(value) ? listOf(value) : JSON.stringify(value)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

function isList(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.some((each) => typeof each === 'object');
}

function listOf(rounds: readonly object[]): string {
  return `[\n${rounds.map((round) => `    ${JSON.stringify(round)}`).join(',\n')}\n  ]`;
}

/** Of the values the smallest that at least `share` of them do not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function moment(): Moment {
  return { ms: performance.now(), load: Math.round((loadavg()[0] ?? 0) * 100) / 100 };
}

export function machine(): Machine {
  const [first] = cpus();
  return { cpu: first?.model ?? 'unknown', cores: cpus().length, kernel: release(), node: process.version };
}

/** What was measured; `-dirty` when files differ from that commit, results apart. `unknown` without git, as in an archive of the source. */
export function commit(): string {
  try {
    const changed = git('status', '--porcelain', '--', '.', ':!bench/results') !== '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed ? '-dirty' : ''}`;
  } catch {
    return 'unknown';
  }
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
