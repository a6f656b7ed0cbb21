import type { Machine } from './report.ts';
import { median } from './rounds.ts';

/** What a bench wrote with `--json`: what it depends on, and any figures beside that. */
export interface Result {
  readonly bench: string;
  readonly quick: boolean;
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly load_average: { readonly before: number; readonly after: number };
  /** Of what was measured, how much: figures are only comparable where these are the same. */
  readonly conditions?: Readonly<Record<string, unknown>>;
  /** What keeps figures from meaning what they say, a line each. */
  readonly doubts?: readonly string[];
  readonly [figure: string]: unknown;
}

/** What is no figure. */
const HEAD: readonly string[] = [
  'bench',
  'quick',
  'date',
  'commit',
  'machine',
  'seconds',
  'load_average',
  'conditions',
  'target',
] as const satisfies readonly (keyof Result)[];

/** The values of a figure in single rounds stand beside it under its name and this. */
const ROUNDS = '_rounds';

/** Two sets of so many that do not overlap do so by luck in one case of ten; of six, as benches take, in one of 500. */
const MIN_ROUNDS = 3;

/** Others who ran or waited to, in processes, that make another machine of it. */
const LOAD_STEP = 1;

export type Verdict = 'beyond the scatter' | 'within the scatter' | 'too few rounds' | 'one value';

export interface Line {
  /** Its path in the result, with dots. */
  readonly figure: string;
  /** `undefined`: that result has none. A text where a figure could not be given. */
  readonly old: number | string | undefined;
  readonly new: number | string | undefined;
  readonly ratio: number | undefined;
  readonly verdict: Verdict | undefined;
}

export interface Comparison {
  readonly lines: readonly Line[];
  /** Why the figures may differ without a difference in the code. */
  readonly warnings: readonly string[];
}

interface Figure {
  readonly value: number | string;
  readonly rounds: readonly number[];
}

/** A result that cannot be used. */
export class ResultError extends Error {
  override readonly name = 'ResultError';
}

/** @throws ResultError for what no bench has written */
export function parseResult(text: string): Result {
  let result: Partial<Result> | null;
  try {
    result = JSON.parse(text);
  } catch {
    throw new ResultError('not JSON');
  }
  const { bench, date, commit, machine, load_average: load } = result ?? {};
  const texts = [bench, date, commit].every((each) => typeof each === 'string');
  if (!texts || typeof machine !== 'object' || typeof load?.before !== 'number')
    throw new ResultError('not a result of a bench: no bench, date, commit, machine and load_average');
  return result as Result;
}

/** @throws ResultError for results of two benches */
export function compare(old: Result, later: Result): Comparison {
  if (old.bench !== later.bench) throw new ResultError(`two benches: ${old.bench} and ${later.bench}`);
  const [before, after] = [figuresOf(old), figuresOf(later)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return {
    warnings: warningsOf(old, later),
    lines: [...names].map((figure) => lineOf(figure, before.get(figure), after.get(figure))),
  };
}

function lineOf(figure: string, old: Figure | undefined, later: Figure | undefined): Line {
  const [from, to] = [old?.value, later?.value];
  const bothNumbers = typeof from === 'number' && typeof to === 'number';
  return {
    figure,
    old: from,
    new: to,
    ratio: bothNumbers && from !== 0 ? to / from : undefined,
    verdict: bothNumbers ? verdictOf(old?.rounds ?? [], later?.rounds ?? []) : undefined,
  };
}

/** Beyond the scatter is what no round of one shares with any round of the other. */
function verdictOf(old: readonly number[], later: readonly number[]): Verdict {
  if (old.length <= 1 || later.length <= 1) return 'one value';
  if (Math.min(old.length, later.length) < MIN_ROUNDS) return 'too few rounds';
  const apart = Math.max(...old) < Math.min(...later) || Math.max(...later) < Math.min(...old);
  return apart ? 'beyond the scatter' : 'within the scatter';
}

/** Numbers, texts, and lists of numbers by their median, however deep. Lists of anything else are left out. */
function figuresOf(result: Result): Map<string, Figure> {
  const figures = new Map<string, Figure>();
  const walk = (path: string, value: unknown, rounds: readonly number[]) => {
    if (typeof value === 'number' || typeof value === 'string') figures.set(path, { value, rounds });
    else if (isNumbers(value)) figures.set(path, { value: median(value), rounds: value });
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) walkAll(`${path}.`, value);
  };
  const walkAll = (prefix: string, all: object) => {
    const entries = Object.entries(all);
    const roundsOf = (name: string) => entries.find(([other]) => other === `${name}${ROUNDS}`)?.[1];
    for (const [name, value] of entries) {
      if (prefix === '' && HEAD.includes(name)) continue;
      if (name.endsWith(ROUNDS) && entries.some(([other]) => `${other}${ROUNDS}` === name)) continue;
      const rounds = roundsOf(name);
      walk(`${prefix}${name}`, value, isNumbers(rounds) ? rounds : []);
    }
  };
  walkAll('', result);
  return figures;
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'number');
}

function warningsOf(old: Result, later: Result): string[] {
  const warnings: string[] = [];
  const differ = (what: string, from: unknown, to: unknown) => {
    if (from !== to) warnings.push(`${what}: ${from ?? 'not said'}, then ${to ?? 'not said'}`);
  };
  for (const key of ['cpu', 'cores', 'kernel', 'node'] as const) differ(key, old.machine[key], later.machine[key]);
  differ('quick', old.quick, later.quick);
  const conditions = new Set([...Object.keys(old.conditions ?? {}), ...Object.keys(later.conditions ?? {})]);
  for (const key of conditions)
    differ(key, JSON.stringify(old.conditions?.[key]), JSON.stringify(later.conditions?.[key]));
  const [from, to] = [old.load_average.before, later.load_average.before];
  if (Math.abs(from - to) > LOAD_STEP) differ('load average before', from, to);
  for (const { date, doubts } of [old, later]) warnings.push(...(doubts ?? []).map((doubt) => `${date}: ${doubt}`));
  for (const { commit } of [old, later])
    if (commit.endsWith('-dirty')) warnings.push(`${commit}: what was measured was never committed`);
  return warnings;
}
