import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { say } from './progress.mjs';

/**
 * Runs `work` while holding an exclusive lock on `file`, so that two set-ups at once do not do the same work twice.
 *
 * The kernel holds the lock for a child that ends when our end of its pipe closes: a set-up that is killed in any
 * way lets go at once, and nothing stale is left. Without flock(1) (not a Debian machine) the work runs unlocked,
 * which may cost time but not correctness: results are put in place by an atomic rename.
 *
 * @template T
 * @param {string} file - Created when absent.
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function onlyOne(file, work) {
  const holder = spawn('flock', [file, '--command', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = setTimeout(() => say('waiting for another set-up to finish ...'), 1000);
  await Promise.race([
    once(holder.stdout, 'data'),
    once(holder, 'exit').catch(() => say('no flock here, going on without a lock')),
  ]);
  clearTimeout(waiting);
  try {
    return await work();
  } finally {
    holder.stdin.end();
  }
}
