import { type CountsById, NO_COUNTS } from './counts.ts';
import { ratesOf } from './figures.ts';
import type { Measurement, Tick } from './measurement.ts';
import type { Unit } from './metrics.ts';
import { KINDS } from './mix.ts';

export interface Line {
  readonly label: string;
  /** One for each of the chart's seconds; null where nothing is known. */
  readonly values: readonly (number | null)[];
}

/** One picture over time. */
export interface Chart {
  readonly title: string;
  /** What it tells, and how to read it. */
  readonly says: string;
  /** Of all its lines. Shares are drawn in percent. */
  readonly unit: Unit;
  /** Points are each by itself; lines are of readings one after another. */
  readonly marks: 'lines' | 'points';
  /** Since the first join was due. */
  readonly seconds: readonly number[];
  readonly lines: readonly Line[];
}

export interface Charts {
  /** The time of which the figures are, in the seconds of the charts. */
  readonly window: { readonly from: number; readonly to: number } | undefined;
  readonly charts: readonly Chart[];
}

/** The run over time: what a table of totals hides. Charts without a value are left out. */
export function chartsOf(measurement: Measurement): Charts {
  const { ticks, window } = measurement;
  const seconds = ticks.map(({ atMs }) => round(atMs / 1_000, 1));
  const each = (read: (tick: Tick) => number | undefined) => ticks.map((tick) => orNull(read(tick)));
  const rates = (key: Parameters<typeof ratesOf>[1]) => [null, ...ratesOf(ticks, key).map((rate) => round(rate, 1))];
  const received = rates('packets');
  const lost = rates('lost');
  const overTime: readonly Omit<Chart, 'marks' | 'seconds'>[] = [
    {
      title: 'People',
      says: 'Who is in the call, and whose join failed.',
      unit: 'count',
      lines: [
        { label: 'joined', values: each(({ joined }) => joined) },
        { label: 'failed', values: each(({ failed }) => failed) },
      ],
    },
    {
      title: 'Packets received',
      says: 'Media packets that came to all participants together.',
      unit: 'per-second',
      lines: [{ label: 'packets', values: received }],
    },
    {
      title: 'Delivered and seen',
      says: 'Packets that came of those sent to the participants; videos that moved of those to be seen. Both belong at 100 %.',
      unit: 'share',
      lines: [
        { label: 'delivered', values: received.map((came, at) => shareOf(came, lost[at] ?? null)) },
        { label: 'seen', values: each(seenAt) },
      ],
    },
    {
      title: 'Frames and pictures',
      says: 'Sealed frames that were opened, and pictures that browsers decoded, by all together.',
      unit: 'per-second',
      lines: [
        { label: 'frames opened', values: rates('frames') },
        ...(measurement.plan.some(({ kind }) => kind === 'browser')
          ? [{ label: 'pictures decoded', values: rates('pictures') }]
          : []),
      ],
    },
    {
      title: 'Load',
      says: 'How full the server calls itself; and how much of the machine that makes the load is used. The latter at the top means that the figures tell of it, not of the server.',
      unit: 'share',
      lines: [
        { label: 'server', values: each(({ serverLoad }) => serverLoad) },
        { label: 'generator', values: each(({ generatorCpu }) => generatorCpu) },
        { label: 'this machine', values: each(({ machineCpu }) => machineCpu) },
      ],
    },
    {
      title: 'Late timers',
      says: 'How late the busiest process of bots was, 99th percentile of each second.',
      unit: 'ms',
      lines: [{ label: 'delay', values: each(({ loopDelayMs }) => loopDelayMs) }],
    },
  ];
  const at = (index: number | undefined) => (index === undefined ? undefined : seconds[index]);
  const [from, to] = [at(window?.first), at(window?.last)];
  const charts: Chart[] = [
    joinsOf(measurement),
    ...overTime.map((chart) => ({ ...chart, marks: 'lines', seconds }) as const),
  ];
  return {
    window: from === undefined || to === undefined ? undefined : { from, to },
    charts: charts.flatMap((chart) => {
      const lines = chart.lines.filter(({ values }) => values.some((value) => value !== null));
      return lines.length > 0 ? [{ ...chart, lines }] : [];
    }),
  };
}

/** When each asked to come in, and how long that took. */
function joinsOf({ plan, joinMs }: Measurement): Chart {
  const came = plan.filter(({ id }) => joinMs.has(id));
  return {
    title: 'Joins',
    says: 'How long each join took, at the time at which it was asked for.',
    unit: 'ms',
    marks: 'points',
    seconds: came.map(({ atMs }) => round(atMs / 1_000, 2)),
    lines: KINDS.map((each) => ({
      label: each,
      values: came.map(({ id, kind }) => (kind === each ? round(joinMs.get(id) ?? 0, 0) : null)),
    })),
  };
}

/** Of all participants at that moment; `undefined` while there is nothing to see. */
function seenAt({ counts, expectedVideos }: { counts: CountsById; expectedVideos: Tick['expectedVideos'] }) {
  let [seen, wanted] = [0, 0];
  for (const [id, expected] of expectedVideos) {
    seen += Math.min((counts.get(id) ?? NO_COUNTS).videos, expected);
    wanted += expected;
  }
  return wanted > 0 ? seen / wanted : undefined;
}

function shareOf(came: number | null, lost: number | null): number | null {
  return came === null || lost === null || came + lost === 0 ? null : round(came / (came + lost), 4);
}

const orNull = (value: number | undefined): number | null => (value === undefined ? null : round(value, 4));

const round = (value: number, decimals: number): number => Number(value.toFixed(decimals));
