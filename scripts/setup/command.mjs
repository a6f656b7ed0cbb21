import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SetupError } from './setup-error.mjs';

/** How much of a failed command's output is worth showing. */
const TAIL_LINES = 40;

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void }} RunOptions */

/**
 * Runs a command quietly and returns what it printed on stdout; when it fails, shows the end of what it printed
 * and throws. A signal to us ends the command first and then us.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options] - `env` is added to ours.
 * @returns {Promise<string>}
 */
export async function run(command, args, { cwd, env, onLine } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {string[]} */
  const stdout = [];
  /** @type {string[]} */
  const tail = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (stream === child.stdout) stdout.push(line);
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      onLine?.(line);
    });
  }

  const stopForwarding = forwardSignals(child);
  const ending = await new Promise((resolve) => {
    child.once('error', (error) => resolve(`cannot run: ${error.message}`));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `failed (${signal ?? `exit ${code}`})`));
  });
  stopForwarding();

  if (ending) {
    process.stderr.write(tail.map((line) => `  ${line}\n`).join(''));
    throw new SetupError(`${command} ${args[0] ?? ''} ${ending}`);
  }
  return stdout.join('\n');
}

/** @param {import('node:child_process').ChildProcess} child */
function forwardSignals(child) {
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    stop();
    child.once('close', () => process.kill(process.pid, signal));
    child.kill(signal);
  };
  const stop = () => {
    process.off('SIGINT', forward);
    process.off('SIGTERM', forward);
  };
  process.on('SIGINT', forward);
  process.on('SIGTERM', forward);
  return stop;
}
