import { readFileSync } from 'node:fs';

/** How a worker sends a frame's packets to one receiver: `batched`, several in one call (UDP segmentation offload), or `single`. */
export type SendPath = 'batched' | 'single';

/** What native/src/UdpSendBatcher.cpp calls a process that batches. It takes the name off when the kernel cannot do it after all. */
export const BATCHING_NAME = 'mediasoup-gso';

/** What a process calls itself (proc_pid_comm). @throws where that is not to be read: not Linux, or it has just ended */
export function processName(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}

/** What this worker does at the moment; a program that mediasoup's authors built never batches. */
export function sendPathOf(pid: number): SendPath {
  try {
    return processName(pid) === BATCHING_NAME ? 'batched' : 'single';
  } catch {
    return 'single';
  }
}
