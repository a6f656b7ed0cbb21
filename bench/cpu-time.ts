import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NS_PER_SECOND = 1e9;

/** In which /proc/<pid>/stat counts: USER_HZ, which Linux fixes at 100 a second. */
const TICKS_PER_SECOND = 100;

/**
 * CPU time that processes have used since they began, all their threads together, in seconds: of two readings the difference
 * is what counts. In nanoseconds where the kernel keeps schedstat, else in steps of 10 ms. A thread that ends between two readings
 * takes its time with it; those of Node and of a worker stay.
 *
 * @throws when one of them is gone: what it did meanwhile cannot be known.
 */
export function cpuSecondsOf(pids: readonly number[], proc = '/proc'): number {
  const folders = pids.map((pid) => join(proc, `${pid}`));
  return folders.reduce((sum, folder) => sum + (scheduledSeconds(folder) ?? tickedSeconds(folder)), 0);
}

/** proc_pid_schedstat: the first field is the time on a CPU; `undefined` where the kernel was built without. */
function scheduledSeconds(folder: string): number | undefined {
  const threads = readdirSync(join(folder, 'task'));
  const times = threads.map((thread) => {
    const line = textOf(join(folder, 'task', thread, 'schedstat'));
    return line === undefined ? undefined : Number(line.split(' ')[0]);
  });
  const known = times.filter((time) => time !== undefined);
  if (known.length === 0) return undefined;
  return known.reduce((sum, time) => sum + time, 0) / NS_PER_SECOND;
}

/** proc_pid_stat(5): utime and stime, fields 14 and 15, counted behind the name, which may hold anything. */
function tickedSeconds(folder: string): number {
  const stat = readFileSync(join(folder, 'stat'), 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** `undefined` for a file that is not there: no schedstat in this kernel, or a thread that has just ended. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ESRCH'].includes(code)) return undefined;
    throw error;
  }
}
