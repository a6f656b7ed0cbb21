/* Two results of one bench side by side: `npm run bench -- compare OLD NEW`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Comparison, compare, type Line, parseResult, type Result, ResultError } from './comparison.ts';

/** Results that are kept: `<bench>-<date>.json`. */
const KEPT = join('bench', 'results');

const USAGE = `npm run bench -- compare OLD NEW: files, or names under ${KEPT}; of a bench's name the newest result counts`;

/** Input that cannot be used; 1 is for what fails. */
const EXIT_USAGE = 2;

const [old, later, ...more] = process.argv.slice(3);
try {
  if (!old || !later || more.length > 0) throw new ResultError(USAGE);
  const [from, to] = [read(old), read(later)];
  print(from, to, compare(from, to));
} catch (error) {
  if (!(error instanceof ResultError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = EXIT_USAGE;
}

function read(name: string): Result {
  const file = [name, join(KEPT, name), join(KEPT, `${name}.json`), newest(name)].find(
    (each) => each !== undefined && existsSync(each),
  );
  if (file === undefined) throw new ResultError(`no result ${name}\n${USAGE}`);
  try {
    return parseResult(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ResultError(`${file}: ${(error as Error).message}`);
  }
}

function newest(bench: string): string | undefined {
  const kept = existsSync(KEPT) ? readdirSync(KEPT) : [];
  const own = kept.filter(
    (file) => file.startsWith(bench) && /^-\d{4}-\d\d-\d\d[^/]*\.json$/.test(file.slice(bench.length)),
  );
  const last = own.toSorted().at(-1);
  return last === undefined ? undefined : join(KEPT, last);
}

function print(from: Result, to: Result, { lines, warnings }: Comparison): void {
  const titles = ['figure', 'old', 'new', 'new / old', ''];
  const rows = [titles, ...lines.map(cells)];
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const text = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const head = `${from.bench}: ${from.commit} of ${from.date}, then ${to.commit} of ${to.date}`;
  process.stdout.write([head, ...warnings.map((each) => `not the same: ${each}`), ...text, ''].join('\n'));
}

function cells({ figure, old: from, new: to, ratio, verdict }: Line): string[] {
  return [figure, short(from), short(to), short(ratio), verdict ?? ''];
}

function short(value: number | string | undefined): string {
  if (typeof value !== 'number') return value ?? '-';
  return Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(4))}`;
}
