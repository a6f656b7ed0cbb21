import { statsOf } from './assertion.ts';
import { formatValue, METRIC_NAMES, METRICS } from './metrics.ts';
import type { Report } from './report.ts';
import { STATS } from './statistics.ts';

/** The figures as rows of text, for a terminal and for the page: metrics that were measured, by the statistics they have. */
export function figureRows({ figures }: Pick<Report, 'figures'>): string[][] {
  return METRIC_NAMES.filter((name) => Object.keys(figures[name]).length > 0).map((name) => {
    const metric = METRICS[name];
    const has = statsOf(metric);
    return [
      name,
      ...STATS.map((stat) => {
        const value = has.includes(stat) ? figures[name][stat] : undefined;
        return value === undefined ? '' : formatValue(value, metric.unit);
      }),
    ];
  });
}

/** What is to be said before any figure: one sentence each, the most important first. */
export function headlines({ people, search, interrupted, saturation, verdicts, conditions }: Report): string[] {
  const failed = verdicts.filter(({ held }) => !held).length;
  const searched =
    search && `At most ${search.most} participants in each room held, of ${search.steps.length} sizes tried.`;
  return [
    interrupted && 'Stopped before the end: these are the figures so far.',
    searched ?? false,
    people.joined === people.planned
      ? `All ${people.planned} joined.`
      : `${people.joined} of ${people.planned} joined.`,
    !search &&
      verdicts.length > 0 &&
      (failed === 0 ? 'Every assertion held.' : `${failed} of ${verdicts.length} assertions failed.`),
    saturation.length > 0 &&
      `Saturated: these figures tell of the machine that made the load, and not of the server. ${saturation.join(' ')}`,
    conditions.server.startsWith('own') && 'Server and participants shared this machine.',
  ].filter((line) => typeof line === 'string');
}

/** What the terminal shows at the end. */
export function formatSummary(report: Report): string {
  const { verdicts, failures, drops, search } = report;
  const lines = [
    ...headlines(report),
    '',
    ...aligned([['', ...STATS], ...figureRows(report)]),
    ...section(
      'Assertions',
      verdicts.map(({ held, text, measured }) => [held ? 'held' : 'FAILED', text, measured]),
    ),
    ...section(
      'Failed joins',
      failures.map(({ code, count, message }) => [code, `${count}`, message]),
    ),
    ...section(
      'Frames that did not open',
      Object.entries(drops).map(([reason, count]) => [reason, `${count}`]),
    ),
    ...section(
      'Sizes',
      (search?.steps ?? []).map(({ participants, held, why }) => [
        `${participants}`,
        held ? 'held' : 'fell',
        why.join('; '),
      ]),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...aligned(rows).map((line) => `  ${line}`)];
}

/** Columns side by side; the first to the left, figures to the right as far as they are figures. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), []);
  const isFigures = rows[0]?.[0] === '';
  return rows.map((row) =>
    row
      .map((cell, at) => (isFigures && at > 0 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
