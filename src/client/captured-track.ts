import type { ProcessedTrack, TrackProcessor } from './track-processor.ts';

/** What a device captures, and what is sent of it: the same, or what a processor makes of it. */
export class CapturedTrack {
  readonly #captured: MediaStreamTrack;
  #processed: ProcessedTrack | undefined;
  #muted = false;
  /** Ends with the capture: browsers keep a track for a while after its end, which must not keep a whole call. */
  readonly #listened = new AbortController();
  #stopped = false;

  constructor(captured: MediaStreamTrack) {
    this.#captured = captured;
  }

  get sent(): MediaStreamTrack {
    return this.#processed?.mediaStreamTrack ?? this.#captured;
  }

  /** Stopped here, or ended by itself. */
  get isOver(): boolean {
    return this.#captured.readyState === 'ended';
  }

  get isProcessed(): boolean {
    return this.#processed !== undefined;
  }

  /**
   * From now on sends what `processor` makes of the capture, or the capture itself. Resolves to what closes what was sent before, once
   * nobody sends it any more. Rejects as the processor does; what is sent is as it was then.
   */
  async pass(processor: TrackProcessor | undefined): Promise<() => void> {
    const processed = await processor?.(this.#captured);
    if (this.#stopped) {
      processed?.close();
      return () => undefined;
    }
    const before = this.#processed;
    this.#processed = processed;
    this.setMuted({ muted: this.#muted });
    return () => before?.close();
  }

  /** Silent at the source at once. */
  setMuted({ muted }: { readonly muted: boolean }): void {
    this.#muted = muted;
    this.#captured.enabled = !muted;
    this.sent.enabled = !muted; // a processor's output may lag behind
  }

  /** When the device is taken away, not when it is let go. */
  onEnded(ended: () => void): void {
    this.#captured.addEventListener('ended', ended, { signal: this.#listened.signal });
  }

  stop(): void {
    this.#stopped = true;
    this.#listened.abort();
    this.#captured.stop();
    this.#processed?.close();
    this.#processed = undefined;
  }
}
