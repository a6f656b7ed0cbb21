import type { Codec } from '../../src/crypto/index.ts';
import type { FrameNotes } from './outgoing-stream.ts';

/** Takes an encoded frame of one layer, 0 the lowest. */
export type SendFrame = (layer: number, frame: Uint8Array, notes: FrameNotes) => void;

/** What a bot captures and encodes, without doing either. */
export interface MediaSource {
  readonly codec: Codec;
  readonly layers: number;
  /** Frames flow until the answer is called. */
  start(send: SendFrame): () => void;
  /** The next frame of that layer is to be a key frame. */
  keyFrameWanted(layer: number): void;
  /** No layer above is to be sent; none at all when `undefined`. */
  layersWanted(highest: number | undefined): void;
}
