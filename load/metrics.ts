import type { Statistics } from './statistics.ts';

export type Unit = 'ms' | 'us' | 'share' | 'per-second' | 'cores' | 'count';

export interface Metric {
  readonly unit: Unit;
  /** What one sample is of; a metric of `nothing` has a total only. */
  readonly each: 'participant' | 'browser' | 'second' | 'nothing';
  /** Whether there is a total too. */
  readonly total: boolean;
  readonly says: string;
}

/** All that is measured, in the order of the table. But for joins and failures, of the time when everybody was there. */
export const METRICS = {
  join: { unit: 'ms', each: 'participant', total: false, says: 'from asking to join until in the call' },
  'first-media': { unit: 'ms', each: 'participant', total: false, says: 'from asking to join to the first picture' },
  failures: { unit: 'count', each: 'nothing', total: true, says: 'joins that failed' },
  gone: { unit: 'count', each: 'nothing', total: true, says: 'participants that the call lost' },
  interruptions: { unit: 'count', each: 'nothing', total: true, says: 'media moved, or the call joined again' },
  seen: { unit: 'share', each: 'participant', total: true, says: 'of the videos to be seen, those that moved' },
  delivery: { unit: 'share', each: 'participant', total: true, says: 'of the packets sent to them, those that came' },
  lost: { unit: 'count', each: 'nothing', total: true, says: 'packets that never came' },
  packets: { unit: 'per-second', each: 'second', total: false, says: 'packets received by all' },
  frames: { unit: 'per-second', each: 'second', total: false, says: 'sealed frames opened by all' },
  drops: { unit: 'count', each: 'nothing', total: true, says: 'sealed frames that did not open' },
  pictures: { unit: 'per-second', each: 'browser', total: false, says: 'decoded of each video that is seen' },
  freezes: { unit: 'count', each: 'browser', total: true, says: 'videos that stood still, as the browser counts' },
  'server-load': { unit: 'share', each: 'second', total: false, says: 'how full the server calls itself' },
  'server-cpu': { unit: 'cores', each: 'second', total: false, says: 'cores that the own server used' },
  'packet-cost': { unit: 'us', each: 'nothing', total: true, says: 'server CPU for each packet that came' },
  'generator-cpu': { unit: 'share', each: 'second', total: false, says: 'of this machine, by the participants' },
  'machine-cpu': { unit: 'share', each: 'second', total: false, says: 'of this machine, by everything on it' },
  'loop-delay': { unit: 'ms', each: 'second', total: false, says: 'late timers of bots: p99 of a second' },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

export type Figures = Readonly<Record<MetricName, Statistics>>;

export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

/** For people: a value with its unit, as exact as it may matter. */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      if (value >= 1_000) return `${(value / 1_000).toFixed(value < 10_000 ? 2 : 1)} s`;
      return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
    case 'us':
      return `${value.toFixed(1)} µs`;
    case 'share':
      return `${trimmed(value * 100, 2)} %`;
    case 'per-second':
      return `${grouped(value)}/s`;
    case 'cores':
      return `${value.toFixed(2)} cores`;
    case 'count':
      return grouped(value);
  }
}

/** Thousands apart by a thin space; decimals where there are few. */
function grouped(value: number): string {
  const [whole = '', decimals] = (value >= 100 ? value.toFixed(0) : trimmed(value, 1)).split('.');
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, '\u2009');
  return decimals === undefined ? thousands : `${thousands}.${decimals}`;
}

const trimmed = (value: number, decimals: number): string => `${Number(value.toFixed(decimals))}`;
