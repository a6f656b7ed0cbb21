import { afterAll, expect, test, vi } from 'vitest';
import type { FrameCounts, FrameTransformOptions } from '../../src/client/frame-counts.ts';

interface WorkerScope {
  onmessage: (event: { readonly ports: readonly MessagePort[] }) => void;
  onrtctransform: (event: { readonly transformer: unknown }) => void;
}
const scope = globalThis as unknown as WorkerScope;
vi.stubGlobal('onmessage', undefined);
vi.stubGlobal('onrtctransform', undefined);
await import('../../src/client/frame-worker.ts');
afterAll(() => vi.unstubAllGlobals());

/** Sends `frames` through the worker; what comes out. */
async function through(options: FrameTransformOptions, frames: readonly unknown[]): Promise<readonly unknown[]> {
  const out: unknown[] = [];
  const readable = new ReadableStream({
    start(controller) {
      for (const frame of frames) controller.enqueue(frame);
      controller.close();
    },
  });
  await new Promise<void>((resolve) => {
    const writable = new WritableStream({ write: (frame) => void out.push(frame), close: resolve });
    scope.onrtctransform({ transformer: { options, readable, writable } });
  });
  return out;
}

function counts(): Promise<FrameCounts> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => {
      port1.close();
      resolve(data);
    };
    scope.onmessage({ ports: [port2] });
  });
}

test('every frame passes unchanged, in order, and is counted where it belongs', async () => {
  const frames = [{ frame: 1 }, { frame: 2 }, { frame: 3 }];
  expect(await through({ direction: 'send', kind: 'video' }, frames)).toEqual(frames);
  expect(await through({ direction: 'recv', kind: 'audio' }, frames.slice(1))).toEqual(frames.slice(1));
  expect(await counts()).toEqual({ send: { audio: 0, video: 3 }, recv: { audio: 2, video: 0 } });
});

test('a stream that breaks off breaks nothing else', async () => {
  const broken = new ReadableStream({ start: (controller) => controller.error(new Error('receiver is gone')) });
  const options: FrameTransformOptions = { direction: 'recv', kind: 'video' };
  scope.onrtctransform({ transformer: { options, readable: broken, writable: new WritableStream() } });
  expect(await through({ direction: 'recv', kind: 'video' }, [{}])).toHaveLength(1);
});
