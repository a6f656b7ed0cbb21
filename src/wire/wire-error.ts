/** Why bytes are not a frame: `too-large` before decoding, `malformed` when they do not decode, `invalid` when a field is off. */
export type WireErrorCode = 'too-large' | 'malformed' | 'invalid';

/** Thrown by the decoders, and by nothing else. `frameId` is 0 when the frame did not get as far as saying it. */
export class WireError extends Error {
  override readonly name = 'WireError';

  constructor(
    readonly code: WireErrorCode,
    message: string,
    readonly frameId = 0,
  ) {
    super(message);
  }
}
