import { describe, expect, test } from 'vitest';
import { exitCodeOf, whyFallen } from '../../load/judgement.ts';
import { type Figures, METRIC_NAMES } from '../../load/metrics.ts';

const figures = (delivery: number | undefined, seen: number | undefined) =>
  ({
    ...Object.fromEntries(METRIC_NAMES.map((name) => [name, {}])),
    delivery: delivery === undefined ? {} : { total: delivery },
    seen: seen === undefined ? {} : { total: seen },
  }) as unknown as Figures;

const EVERYBODY = { planned: 8, joined: 8 };
const failed = { text: 'join.p95<1s', held: false, measured: '1200 ms' };

describe('a step', () => {
  test('holds when all came, nearly all was delivered and seen, and assertions held', () => {
    expect(whyFallen(figures(0.99, 0.99), [{ ...failed, held: true }], EVERYBODY)).toEqual([]);
  });

  test('in which nobody sends has nothing to be seen', () => {
    expect(whyFallen(figures(1, undefined), [], EVERYBODY)).toEqual([]);
  });

  test.each([
    ['who could not join', figures(1, 1), [], { planned: 8, joined: 6 }, '2 of 8 could not join'],
    ['who fell out', { ...figures(1, 1), gone: { total: 3 } }, [], EVERYBODY, '3 fell out of the call'],
    ['packets', figures(0.9899, 1), [], EVERYBODY, '98.9 % of the packets came'],
    ['videos', figures(1, 0.5), [], EVERYBODY, '50.0 % of the videos moved'],
    ['silence', figures(undefined, 0), [], EVERYBODY, '0.0 % of the videos moved'],
    ['an assertion', figures(1, 1), [failed], EVERYBODY, 'join.p95<1s: 1200 ms'],
  ])('falls by %s', (_, measured, verdicts, people, why) => {
    expect(whyFallen(measured, verdicts, people)).toEqual([why]);
  });
});

const somebody = { people: { joined: 1 } };

test.each([
  [{ ...somebody, interrupted: false, verdicts: [], search: undefined }, 0],
  [{ ...somebody, interrupted: false, verdicts: [{ ...failed, held: true }], search: undefined }, 0],
  [{ ...somebody, interrupted: false, verdicts: [failed], search: undefined }, 1],
  [{ people: { joined: 0 }, interrupted: false, verdicts: [], search: undefined }, 1],
  [{ ...somebody, interrupted: true, verdicts: [failed], search: undefined }, 130],
  [{ ...somebody, interrupted: false, verdicts: [failed], search: { most: 4 } }, 0],
  [{ ...somebody, interrupted: false, verdicts: [], search: { most: 0 } }, 1],
] as const)('%j exits with %d', (report, code) => expect(exitCodeOf(report)).toBe(code));
