import { loadavg } from 'node:os';
import { commit, type Machine, machine } from '../bench/report.ts';
import { judge, type Verdict } from './assertion.ts';
import { type Charts, chartsOf } from './charts.ts';
import { sumOfDrops } from './counts.ts';
import { figuresOf, windowOf } from './figures.ts';
import { formatLayout } from './layout.ts';
import type { JoinFailure, Measurement } from './measurement.ts';
import type { Figures } from './metrics.ts';
import { formatMix } from './mix.ts';
import type { LoadOptions } from './options.ts';
import { saturationOf } from './saturation.ts';
import type { ServerFacts } from './server-facts.ts';

/** What was asked for. A link is not kept: its secret lets people in. */
export interface Conditions {
  readonly server: string;
  readonly rooms: number;
  readonly participants: number;
  readonly publishers: number;
  readonly participant: string;
  readonly layout: string;
  readonly ramp_per_second: number;
  readonly duration_seconds: number;
}

export interface FailureGroup {
  readonly code: string;
  readonly count: number;
  /** The words of the first. */
  readonly message: string;
}

/** One size of a search, and why it did not hold. */
export interface StepReport {
  readonly participants: number;
  readonly held: boolean;
  readonly why: readonly string[];
  readonly figures: Figures;
  readonly saturation: readonly string[];
}

/** What report.json holds, and report.html shows. */
export interface Report {
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  /** Of the last minute, when the report was made. */
  readonly load_average: number;
  readonly conditions: Conditions;
  /** Stopped by Ctrl-C: of what there was so far. */
  readonly interrupted: boolean;
  readonly people: { readonly planned: number; readonly joined: number };
  /** Of `--assert`. */
  readonly verdicts: readonly Verdict[];
  /** Why the figures tell of the generator; empty when they tell of the server. */
  readonly saturation: readonly string[];
  readonly figures: Figures;
  readonly failures: readonly FailureGroup[];
  /** Frames that did not open, by reason, since the first join. */
  readonly drops: Readonly<Record<string, number>>;
  /** What the server said of itself at the end, when it could be asked. */
  readonly server: ServerFacts | undefined;
  /** Of `--find-max`; the rest of the report is of the step that is named last. */
  readonly search: { readonly most: number; readonly steps: readonly StepReport[] } | undefined;
  readonly charts: Charts;
}

export interface Observed {
  readonly options: LoadOptions;
  /** In each room; of a search those of the step that is shown. */
  readonly participants: number;
  readonly serverName: string;
  readonly measurement: Measurement;
  readonly interrupted: boolean;
  readonly server: ServerFacts | undefined;
  readonly search: Report['search'];
}

export function reportOf({ options, participants, serverName, measurement, search, ...rest }: Observed): Report {
  const figures = figuresOf(measurement);
  return {
    date: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    load_average: Number((loadavg()[0] ?? 0).toFixed(2)),
    conditions: {
      server: serverName,
      rooms: options.rooms,
      participants,
      publishers: Math.min(options.publishers, participants),
      participant: formatMix(options.mix),
      layout: formatLayout(options.layout),
      ramp_per_second: options.rampPerSecond,
      duration_seconds: options.durationMs / 1_000,
    },
    ...rest,
    people: { planned: measurement.plan.length, joined: measurement.joinMs.size },
    verdicts: options.assertions.map((assertion) => judge(assertion, figures)),
    saturation: saturationOf(windowOf(measurement).inside),
    figures,
    failures: grouped(measurement.failures),
    drops: sumOfDrops(measurement.ticks.at(-1)?.counts.values() ?? []),
    search,
    charts: chartsOf(measurement),
  };
}

/** The most frequent first. */
function grouped(failures: readonly JoinFailure[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const { code, message } of failures) {
    const known = groups.get(code);
    groups.set(code, { code, count: (known?.count ?? 0) + 1, message: known?.message ?? message });
  }
  return [...groups.values()].sort((left, right) => right.count - left.count);
}
