/**
 * What vitest's JSON reporter writes, as far as the totals need it.
 *
 * @typedef {{
 *   numPassedTests: number,
 *   numFailedTests: number,
 *   numPendingTests: number,
 *   numTodoTests: number,
 *   testResults: readonly { status: string, assertionResults: readonly { status: string }[] }[],
 * }} VitestReport
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Totals
 */

/**
 * The true totals of a run. Nothing that went wrong may count as zero failures: failed static checks count as one,
 * a test file that could not even be loaded as one, and a vitest that crashed, or that is unhappy for a reason that
 * is not in its report, as one.
 *
 * @param {{ staticChecksFailed: boolean, vitestExitCode: number | null, report: VitestReport | undefined }} run -
 *   The exit code is null when vitest was killed; the report is undefined when there is none that can be read.
 * @returns {Totals}
 */
export function totalsOf({ staticChecksFailed, vitestExitCode, report }) {
  const unloaded = report?.testResults.filter(couldNotLoad).length ?? 0;
  const failedTests = (report?.numFailedTests ?? 0) + unloaded;
  const crashed = failedTests === 0 && (report === undefined || vitestExitCode !== 0);
  return {
    passed: report?.numPassedTests ?? 0,
    failed: failedTests + Number(crashed) + Number(staticChecksFailed),
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
}

/**
 * How `npm test` ends. What was skipped is told on a line before, so that the last one is always `N passed, N failed`.
 *
 * @param {Totals} totals
 */
export function formatTotals({ passed, failed, skipped }) {
  return `${skipped > 0 ? `${skipped} skipped\n` : ''}${passed} passed, ${failed} failed`;
}

/** @param {VitestReport['testResults'][number]} file */
function couldNotLoad(file) {
  return file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed');
}
