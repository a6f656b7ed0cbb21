// `npm test`: sets up what is missing, then runs every check and every test. Arguments go to vitest.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserPath } from './setup/browser.mjs';
import { prepare } from './setup/prepare.mjs';
import { report } from './setup/report.mjs';
import { formatTotals, totalsOf } from './test-totals.mjs';

const root = join(import.meta.dirname, '..');
const totals = await runAll();
console.log(formatTotals(totals));
process.exitCode = totals.failed > 0 ? 1 : 0;

async function runAll() {
  try {
    await prepare(root, process.env);
    process.env.CONCLAVE_CHROMIUM = await browserPath(process.env);
  } catch (error) {
    report(error);
    return { passed: 0, failed: 1, skipped: 0 };
  }

  const staticChecksFailed = (await inTerminal('npm', ['run', 'verify:static'])) !== 0;

  const folder = mkdtempSync(join(tmpdir(), 'conclave-test-'));
  const reportFile = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const vitestExitCode = await inTerminal('npx', ['vitest', 'run', ...reporters, ...process.argv.slice(2)]);
  const vitestReport = readReport(reportFile);
  rmSync(folder, { recursive: true });

  return totalsOf({ staticChecksFailed, vitestExitCode, report: vitestReport });
}

/**
 * Runs a command that talks to the terminal itself.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<number | null>} Its exit code; null when it was killed or cannot be run.
 */
async function inTerminal(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
  return await new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
}

/**
 * @param {string} file
 * @returns {import('./test-totals.mjs').VitestReport | undefined}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // vitest crashed before it wrote its report; totalsOf counts that as a failure
  }
}
