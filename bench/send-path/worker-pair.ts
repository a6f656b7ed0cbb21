import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const STOCK = 'mediasoup-worker-stock';

/** Two builds of the worker that differ in how they send, and in nothing else. */
export interface WorkerPair {
  readonly ours: string;
  readonly stock: string;
}

/** The worker's program and the one beside it, or why there are not two, as a line for people. */
export function workerPair(ours: string | undefined): WorkerPair | string {
  if (!ours) return 'CONCLAVE_WORKER_BIN names no worker';
  const stock = join(dirname(ours), STOCK);
  if (existsSync(stock)) return { ours, stock };
  return `no ${STOCK} beside ${ours}: a prebuilt worker has none, only our own build makes both`;
}
