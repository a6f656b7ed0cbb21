import { readFileSync } from 'node:fs';

/** How a worker sends a frame's packets to one receiver: `batched`, several in one call (UDP segmentation offload), or `single`. */
export type SendPath = 'batched' | 'single';

/** What native/src/UdpSendBatcher.cpp calls a process that batches. It takes the name off when the kernel cannot do it after all. */
const BATCHING_NAME = 'mediasoup-gso';

/** What this worker does at the moment; a program that mediasoup's authors built never batches. */
export function sendPathOf(pid: number): SendPath {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === BATCHING_NAME ? 'batched' : 'single';
  } catch {
    return 'single'; // not Linux, or it has just ended
  }
}
