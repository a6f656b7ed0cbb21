import {
  type Figures,
  formatValue,
  METRIC_NAMES,
  METRICS,
  type Metric,
  type MetricName,
  type Unit,
} from './metrics.ts';
import { STATS, type Stat } from './statistics.ts';
import { quoted } from './units.ts';
import { UsageError } from './usage-error.ts';

type Operator = '<' | '<=' | '>' | '>=' | '==';

/** What has to be true of a run: `join.p95<1500ms`. */
export interface Assertion {
  /** As it was typed. */
  readonly text: string;
  readonly metric: MetricName;
  readonly stat: Stat;
  readonly operator: Operator;
  /** In the metric's own unit. */
  readonly limit: number;
}

/** What came of one. What was not measured does not hold. */
export interface Verdict {
  readonly text: string;
  readonly held: boolean;
  /** For people. */
  readonly measured: string;
}

/** How limits are written, and by how much they are multiplied. The first is how we would write it. */
const SUFFIXES: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  ms: { ms: 1, s: 1_000 },
  us: { us: 1, µs: 1 },
  share: { '%': 0.01, '': 1 },
  'per-second': { '/s': 1, '': 1 },
  cores: { '': 1, cores: 1 },
  count: { '': 1 },
};

const COMPARE: Readonly<Record<Operator, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '==': (value, limit) => value === limit,
};

/** `metric.stat<op>value unit`. @throws UsageError that says which part is wrong, and what it may be. */
export function parseAssertion(text: string): Assertion {
  const wrong = (why: string) => new UsageError(`not an assertion: ${quoted(text)}: ${why}`);
  const parts = /^\s*([a-z-]+)\.([a-z0-9]+)\s*(<=|>=|==|<|>)\s*(\d+(?:\.\d+)?)\s*(\S*)\s*$/.exec(text);
  if (!parts) throw wrong('wanted is metric.stat, one of < <= > >= ==, and a value, such as join.p95<1500ms');
  const [, name = '', statName = '', operator = '', amount = '', suffix = ''] = parts;
  const metric = METRIC_NAMES.find((each) => each === name);
  if (!metric) throw wrong(`there is no ${name}; there are ${METRIC_NAMES.join(', ')}`);
  const stats = statsOf(METRICS[metric]);
  const stat = stats.find((each) => each === statName);
  if (!stat) throw wrong(`${name} has no ${statName}; it has ${stats.join(', ')}`);
  const suffixes = SUFFIXES[METRICS[metric].unit];
  const factor = suffixes[suffix];
  const written = Object.keys(suffixes).map((each) => each || 'nothing');
  if (factor === undefined) throw wrong(`behind the value of ${name} stands ${written.join(' or ')}`);
  return { text: text.trim(), metric, stat, operator: operator as Operator, limit: Number(amount) * factor };
}

export function judge({ text, metric, stat, operator, limit }: Assertion, figures: Figures): Verdict {
  const value = figures[metric][stat];
  if (value === undefined) return { text, held: false, measured: 'not measured' };
  return { text, held: COMPARE[operator](value, limit), measured: formatValue(value, METRICS[metric].unit) };
}

export function statsOf({ each, total }: Metric): readonly Stat[] {
  return STATS.filter((stat) => (stat === 'total' ? total : each !== 'nothing'));
}
