/** Encoded frames since the call began. Simulcast counts each layer's frames. */
export interface FrameCounts {
  /** Sealed and sent; `refused` was not sent, for want of a key. */
  readonly send: { readonly audio: number; readonly video: number; readonly refused: number };
  /**
   * Opened and played; `dropped` was not. `repeated` came once more after it was played, which poor networks bring about by
   * themselves: what was sent again arrives beside what was only late.
   */
  readonly recv: {
    readonly audio: number;
    readonly video: number;
    readonly dropped: number;
    readonly repeated: number;
  };
  /** Why frames were dropped: see docs/e2ee.md. */
  readonly drops: Readonly<Record<string, number>>;
}

export const NO_FRAMES: FrameCounts = {
  send: { audio: 0, video: 0, refused: 0 },
  recv: { audio: 0, video: 0, dropped: 0, repeated: 0 },
  drops: {},
};
