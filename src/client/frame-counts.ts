/** Encoded frames that went through the transform since the call began. Simulcast counts each layer's frames. */
export interface FrameCounts {
  readonly send: { readonly audio: number; readonly video: number };
  readonly recv: { readonly audio: number; readonly video: number };
}

/** What a transform is told when it is attached. */
export interface FrameTransformOptions {
  readonly direction: 'send' | 'recv';
  readonly kind: 'audio' | 'video';
}

/** Asked of the worker, with a port for the answer, which is FrameCounts. */
export interface CountQuestion {
  readonly kind: 'count';
}
