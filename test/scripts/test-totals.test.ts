import { describe, expect, test } from 'vitest';
import { formatTotals, totalsOf } from '../../scripts/test-totals.mjs';

type Run = Parameters<typeof totalsOf>[0];
type Report = NonNullable<Run['report']>;

/** A test file as vitest reports it; one that could not be loaded failed and has no tests. */
const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

const report = (change: Partial<Report> = {}): Report => ({
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [file('passed', 'passed', 'passed'), file('passed', 'passed', 'passed', 'passed')],
  ...change,
});

const totals = (change: Partial<Run> = {}) =>
  totalsOf({ staticChecksFailed: false, vitestExitCode: 0, report: report(), ...change });

const oneFailed = report({ numPassedTests: 1, numFailedTests: 1, testResults: [file('failed', 'passed', 'failed')] });
const unloaded = report({ numPassedTests: 1, testResults: [file('passed', 'passed'), file('failed')] });
const hookFailed = report({
  numPassedTests: 0,
  numPendingTests: 2,
  testResults: [file('failed', 'skipped', 'skipped')],
});

describe('the totals of a run', () => {
  test('all is well: what passed, and no failure', () => {
    expect(totals()).toEqual({ passed: 5, failed: 0, skipped: 0 });
  });

  test.each<[string, number, Partial<Run>]>([
    ['a failed test', 1, { vitestExitCode: 1, report: oneFailed }],
    ['failed static checks', 1, { staticChecksFailed: true }],
    ['both', 2, { staticChecksFailed: true, vitestExitCode: 1, report: oneFailed }],
    ['a file that could not be loaded', 1, { vitestExitCode: 1, report: unloaded }],
    ['a file whose set-up failed, so that its tests did not run', 1, { vitestExitCode: 1, report: hookFailed }],
    ['a vitest that left no report', 1, { vitestExitCode: 1, report: undefined }],
    ['a vitest that left no report and was content', 1, { vitestExitCode: 0, report: undefined }],
    ['a vitest that was killed', 1, { vitestExitCode: null, report: undefined }],
    ['a vitest that was killed after its report', 1, { vitestExitCode: null }],
    ['a vitest that is unhappy for a reason not in its report', 1, { vitestExitCode: 1 }],
    ['a crash and failed static checks', 2, { staticChecksFailed: true, vitestExitCode: 1, report: undefined }],
  ])('%s: %i', (_what, failed, run) => {
    expect(totals(run).failed).toBe(failed);
  });

  test('failed tests and files that could not be loaded add up; the exit code says nothing more', () => {
    const both = report({
      numFailedTests: 2,
      testResults: [file('failed', 'failed', 'failed'), file('failed'), file('failed')],
    });
    expect(totals({ vitestExitCode: 1, report: both }).failed).toBe(4);
  });

  test('skipped tests and those to do are neither passed nor failed', () => {
    expect(totals({ report: report({ numPendingTests: 2, numTodoTests: 1 }) })).toEqual({
      passed: 5,
      failed: 0,
      skipped: 3,
    });
  });
});

describe('the last line', () => {
  test('says what passed and failed, and nothing else', () => {
    expect(formatTotals({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(formatTotals({ passed: 0, failed: 1, skipped: 0 })).toBe('0 passed, 1 failed');
  });

  test('comes after the one that says what was skipped', () => {
    expect(formatTotals({ passed: 12, failed: 1, skipped: 3 })).toBe('3 skipped\n12 passed, 1 failed');
  });
});
