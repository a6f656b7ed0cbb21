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

/** What is to be said before any figure. */
export interface Headline {
  readonly text: string;
  /** Who overlooks it takes the figures for what they are not. */
  readonly warns: boolean;
}

/** One sentence each, the most important first. */
export function headlines({
  figures,
  people,
  search,
  interrupted,
  saturation,
  verdicts,
  conditions,
}: Report): Headline[] {
  const { planned, joined } = people;
  const gone = figures.gone.total ?? 0;
  const failed = search ? 0 : verdicts.filter(({ held }) => !held).length; // of a search each size has its own
  const all: readonly (Headline & { readonly applies: boolean })[] = [
    { applies: interrupted, warns: true, text: 'Stopped before the end: these are the figures so far.' },
    {
      applies: search !== undefined,
      warns: false,
      text: `At most ${search?.most} participants in each room held, of ${search?.steps.length} sizes tried.`,
    },
    { applies: joined === planned, warns: false, text: `All ${planned} joined.` },
    { applies: joined < planned, warns: true, text: `${joined} of ${planned} joined.` },
    { applies: gone > 0, warns: true, text: `${gone} fell out of the call.` },
    { applies: !search && verdicts.length > 0 && failed === 0, warns: false, text: 'Every assertion held.' },
    { applies: failed > 0, warns: true, text: `${failed} of ${verdicts.length} assertions failed.` },
    {
      applies: saturation.length > 0,
      warns: true,
      text: `Saturated: these figures tell of the machine that made the load, and not of the server. ${saturation.join(' ')}`,
    },
    {
      applies: conditions.server.startsWith('own'),
      warns: false,
      text: 'Server and participants shared this machine.',
    },
  ];
  return all.filter(({ applies }) => applies).map(({ text, warns }) => ({ text, warns }));
}

/** What the terminal shows at the end. */
export function formatSummary(report: Report): string {
  const { verdicts, failures, drops, search } = report;
  const lines = [
    ...headlines(report).map(({ text }) => text),
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
