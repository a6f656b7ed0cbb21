import type { FrameCounts } from '../frame-counts.ts';
import type { FrameKeys } from './frame-keys.ts';
import type { TransformOptions } from './worker-protocol.ts';

/** An encoded frame (W3C webrtc-encoded-transform): its bytes can be replaced, the rest belongs to the browser. */
export interface EncodedFrame {
  data: ArrayBuffer;
}

/** RTCRtpScriptTransformer, as far as it is used. */
export interface Transformer {
  readonly options: TransformOptions;
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  sendKeyFrameRequest?(): Promise<void>;
}

/** A receiver that drops frames asks for a key frame once they open again; Chromium passes on one a second. */
const KEY_FRAME_REQUEST_EVERY_MS = 1_000;

export interface PumpOptions {
  readonly keys: FrameKeys;
  readonly counts: MutableFrameCounts;
  /** Told once, at the first frame. */
  readonly flowing: () => void;
  readonly nowMs: () => number;
}

export type MutableFrameCounts = {
  -readonly [Direction in keyof FrameCounts]: { -readonly [Kind in keyof FrameCounts[Direction]]: number };
};

/** Seals or opens every frame of one stream, in order, until the stream ends. What is not sealed or does not open goes nowhere. */
export function pump(transformer: Transformer, options: PumpOptions): void {
  const { readable, writable } = transformer;
  const { transform, close } = streamOf(transformer, options);
  readable
    .pipeThrough(new TransformStream<EncodedFrame, EncodedFrame>({ transform }))
    .pipeTo(writable)
    .then(close, close); // the sender or receiver is gone: its stream ends
}

interface Stream {
  readonly transform: (frame: EncodedFrame, to: TransformStreamDefaultController<EncodedFrame>) => Promise<void>;
  readonly close: () => void;
}

function streamOf(transformer: Transformer, options: PumpOptions): Stream {
  const { direction } = transformer.options;
  return direction === 'send' ? sealing(transformer.options, options) : opening(transformer, options);
}

function sealing({ source, codec, kind }: TransformOptions, { keys, counts, flowing }: PumpOptions): Stream {
  const sealer = keys.sealer(source, codec);
  const begin = once(flowing);
  return {
    async transform(frame, to) {
      begin();
      const outcome = await sealer.seal(frame.data);
      if (outcome.kind === 'refused') {
        counts.send.refused += 1;
        return;
      }
      counts.send[kind] += 1;
      if (outcome.kind === 'sealed') frame.data = outcome.bytes;
      to.enqueue(frame);
    },
    close: () => sealer.close(),
  };
}

function opening(transformer: Transformer, { keys, counts, flowing, nowMs }: PumpOptions): Stream {
  const options = transformer.options as Extract<TransformOptions, { readonly direction: 'recv' }>;
  const { kind } = options;
  const opener = keys.opener(options);
  const begin = once(flowing);
  let dropping = false;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  const askForKeyFrame = () => {
    if (kind !== 'video' || nowMs() - askedAtMs < KEY_FRAME_REQUEST_EVERY_MS) return;
    askedAtMs = nowMs();
    transformer.sendKeyFrameRequest?.().catch(() => undefined); // the stream may have ended
  };
  return {
    async transform(frame, to) {
      begin();
      const outcome = await opener.open(frame.data);
      if (outcome.kind === 'dropped' && outcome.reason === 'replay') {
        counts.recv.repeated += 1; // the decoder misses nothing
        return;
      }
      if (outcome.kind === 'dropped') {
        counts.recv.dropped += 1;
        counts.drops[outcome.reason] = (counts.drops[outcome.reason] ?? 0) + 1;
        dropping = true;
        return;
      }
      counts.recv[kind] += 1;
      if (outcome.kind === 'opened') frame.data = outcome.bytes;
      to.enqueue(frame);
      if (dropping) askForKeyFrame();
      dropping = false;
    },
    close: () => undefined,
  };
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
