import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Columns of /proc/net/udp (proc_net_udp): of a line that begins with "sl:". */
const INODE = 9;
const DROPS = 12;

/**
 * Datagrams over IPv4 that the kernel threw away because these processes did not read fast enough, since their sockets were opened. Of two
 * readings the difference is what counts.
 */
export function socketDropsOf(pids: readonly number[], proc = '/proc'): number {
  const inodes = new Set(pids.flatMap((pid) => socketsOf(join(proc, `${pid}`, 'fd'))));
  return readFileSync(join(proc, 'net', 'udp'), 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => inodes.has(fields[INODE] ?? ''))
    .reduce((sum, fields) => sum + Number(fields[DROPS]), 0);
}

/** Inodes of the sockets that a process has open. */
function socketsOf(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, name)))?.[1] ?? [];
    } catch {
      return []; // closed meanwhile
    }
  });
}
