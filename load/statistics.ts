import { percentile } from '../bench/report.ts';

/** What can be asked of a metric. `total` is of everybody together, the others are of its samples. */
export const STATS = ['total', 'min', 'mean', 'p50', 'p95', 'p99', 'max'] as const;

export type Stat = (typeof STATS)[number];

/** What is not there was not measured. */
export type Statistics = Readonly<Partial<Record<Stat, number>>>;

/** Of no samples nothing is known. */
export function distribution(samples: readonly number[]): Statistics {
  if (samples.length === 0) return {};
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const [min, p50, p95, p99, max] = [0, 0.5, 0.95, 0.99, 1].map((share) => percentile(samples, share));
  return { min, mean, p50, p95, p99, max } as Statistics;
}
