import { existsSync } from 'node:fs';
import { createWorker } from 'mediasoup';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { sendPathOf } from '../../src/sfu/send-path.ts';

const workerBin = process.env.CONCLAVE_WORKER_BIN ?? '';
const stock = `${workerBin}-stock`;
const listenInfos = [{ protocol: 'udp' as const, ip: '127.0.0.1' }];

afterEach(() => vi.unstubAllEnvs());

async function sendPathOfNew(program: string) {
  const worker = await createWorker({ workerBin: program });
  await worker.createWebRtcServer({ listenInfos });
  const sendPath = sendPathOf(worker.pid);
  worker.close();
  return sendPath;
}

// Beside a worker of our own build is one without the batcher; beside a prebuilt one is none.
describe.skipIf(!existsSync(stock))('a worker of our own build', () => {
  test('batches, and its process says so', async () => {
    expect(await sendPathOfNew(workerBin)).toBe('batched');
  });

  test('does not when it was switched off', async () => {
    vi.stubEnv('CONCLAVE_GSO', 'off');
    expect(await sendPathOfNew(workerBin)).toBe('single');
  });

  test('without the batcher does not', async () => {
    expect(await sendPathOfNew(stock)).toBe('single');
  });
});

test('of a process that is not there nothing is claimed', () => {
  expect(sendPathOf(2 ** 30)).toBe('single');
});
