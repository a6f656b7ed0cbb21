import { CallError } from '../base/index.ts';
import type { CountQuestion, FrameCounts, FrameTransformOptions } from './frame-counts.ts';

/** Puts every encoded frame of a call through one dedicated worker. */
export interface FrameTransform {
  attachSender(sender: RTCRtpSender): void;
  attachReceiver(receiver: RTCRtpReceiver): void;
  counts(): Promise<FrameCounts>;
  close(): void;
}

/**
 * A peer connection with this setting holds frames until a transform exists: nothing can pass before or beside it.
 * Chromium's own name; browsers that do not know it ignore it.
 */
export const HOLD_FRAMES: Partial<RTCConfiguration> = { encodedInsertableStreams: true } as Partial<RTCConfiguration>;

/** Starts the worker. Throws `forbidden` in a browser without encoded transforms: there is no way around the transform. */
export function openFrameTransform(): FrameTransform {
  if (typeof RTCRtpScriptTransform === 'undefined') {
    throw new CallError('forbidden', 'this browser has no encoded transforms');
  }
  const worker = new Worker(new URL('./frame-worker.ts', import.meta.url), { type: 'module', name: 'conclave-frames' });
  const transform = (options: FrameTransformOptions) => new RTCRtpScriptTransform(worker, options);
  return {
    // Both run before the local description is set: a transform that is set later is ignored and media flows past it.
    attachSender(sender) {
      sender.transform = transform({ direction: 'send', kind: kindOf(sender.track) });
    },
    attachReceiver(receiver) {
      receiver.transform = transform({ direction: 'recv', kind: kindOf(receiver.track) });
    },
    counts: () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }: MessageEvent<FrameCounts>) => {
          port1.close();
          resolve(data);
        };
        worker.postMessage({ kind: 'count' } satisfies CountQuestion, [port2]);
      }),
    close: () => worker.terminate(),
  };
}

function kindOf(track: MediaStreamTrack | null): 'audio' | 'video' {
  return track?.kind === 'audio' ? 'audio' : 'video';
}
