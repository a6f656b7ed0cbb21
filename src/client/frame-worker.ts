/*
 * The dedicated worker that every encoded frame passes, out and in. It holds no key yet and changes nothing: it counts.
 * Sealing and opening take the place of `count`.
 */
import type { CountQuestion, FrameCounts, FrameTransformOptions } from './frame-counts.ts';

/** What is used of a DedicatedWorkerGlobalScope with encoded transforms; the DOM library describes windows only. */
interface FrameWorkerScope {
  onmessage: ((event: MessageEvent<CountQuestion>) => void) | null;
  onrtctransform: ((event: { readonly transformer: ScriptTransformer }) => void) | null;
}

/** RTCRtpScriptTransformer (W3C webrtc-encoded-transform). */
interface ScriptTransformer {
  readonly options: FrameTransformOptions;
  readonly readable: ReadableStream<unknown>;
  readonly writable: WritableStream<unknown>;
}

const scope = globalThis as unknown as FrameWorkerScope;
const counts = { send: { audio: 0, video: 0 }, recv: { audio: 0, video: 0 } } satisfies FrameCounts;

scope.onrtctransform = ({ transformer: { options, readable, writable } }) => {
  const direction = counts[options.direction];
  const kind = options.kind;
  const count = new TransformStream<unknown, unknown>({
    transform(frame, controller) {
      direction[kind] += 1;
      controller.enqueue(frame);
    },
  });
  readable
    .pipeThrough(count)
    .pipeTo(writable)
    .catch(() => undefined); // the sender or receiver is gone: its stream ends
};

scope.onmessage = ({ ports }) => ports[0]?.postMessage(counts);
