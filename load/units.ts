import { UsageError } from './usage-error.ts';

const DURATION_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };
const RATE_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3_600 };

/** `1500ms`, `60s`, `2m`, `1h` in milliseconds; a bare number is not taken, nobody would know its unit. @throws UsageError */
export function parseDurationMs(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  const factor = DURATION_MS[unit];
  if (factor === undefined) throw new UsageError(`not a duration: ${quoted(text)} (such as 500ms, 60s, 2m)`);
  return Number(amount) * factor;
}

/** `2/s`, `30/m` as so many a second; never 0. @throws UsageError */
export function parseRatePerSecond(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)\/([a-z]+)$/.exec(text) ?? [];
  const seconds = RATE_SECONDS[unit];
  if (seconds === undefined || Number(amount) === 0) {
    throw new UsageError(`not a rate: ${quoted(text)} (such as 2/s, 30/m)`);
  }
  return Number(amount) / seconds;
}

/** A whole number from `least` to `most`. @throws UsageError */
export function parseCount(text: string, { least, most }: { readonly least: number; readonly most: number }): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least && count <= most) return count;
  throw new UsageError(`not a whole number from ${least} to ${most}: ${quoted(text)}`);
}

/** As it was typed, so that what cannot be seen is seen too. */
export const quoted = (text: string): string => `"${text}"`;
