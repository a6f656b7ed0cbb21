import { afterEach, describe, expect, test, vi } from 'vitest';
import { HOLD_FRAMES, openFrameTransform } from '../../src/client/frame-transform.ts';

afterEach(() => vi.unstubAllGlobals());

/** The browser's two classes; the worker answers questions as the real one does. */
function stubBrowser() {
  const seen = { transforms: [] as unknown[], terminated: 0 };
  vi.stubGlobal(
    'RTCRtpScriptTransform',
    class {
      constructor(_worker: unknown, options: unknown) {
        seen.transforms.push(options);
      }
    },
  );
  vi.stubGlobal(
    'Worker',
    class {
      postMessage(_question: unknown, [port]: readonly MessagePort[]) {
        port?.postMessage({ send: { audio: 1, video: 2 }, recv: { audio: 3, video: 4 } });
      }
      terminate() {
        seen.terminated += 1;
      }
    },
  );
  return seen;
}

describe('a frame transform', () => {
  test('a browser without encoded transforms is refused: nothing flows beside it', () => {
    expect(() => openFrameTransform()).toThrow(expect.objectContaining({ code: 'forbidden' }));
    expect(HOLD_FRAMES).toEqual({ encodedInsertableStreams: true });
  });

  test('stands in the way of every sender and receiver, and knows which it is', () => {
    const seen = stubBrowser();
    const frames = openFrameTransform();
    const sender = { track: { kind: 'video' } } as unknown as RTCRtpSender;
    const receiver = { track: { kind: 'audio' } } as unknown as RTCRtpReceiver;
    frames.attachSender(sender);
    frames.attachReceiver(receiver);
    expect(sender.transform).toBeDefined();
    expect(receiver.transform).toBeDefined();
    expect(seen.transforms).toEqual([
      { direction: 'send', kind: 'video' },
      { direction: 'recv', kind: 'audio' },
    ]);
  });

  test('asks its worker for the counts', async () => {
    stubBrowser();
    const counts = await openFrameTransform().counts();
    expect(counts).toEqual({ send: { audio: 1, video: 2 }, recv: { audio: 3, video: 4 } });
  });

  test('ends its worker', () => {
    const seen = stubBrowser();
    openFrameTransform().close();
    expect(seen.terminated).toBe(1);
  });
});
