/** Field 1 as a varint: how every frame of ours begins. */
const ID_TAG = 0x08;

/** A uint32 takes at most this many varint bytes. */
const MAX_VARINT_BYTES = 5;

/**
 * The id of a frame that is not going to be decoded, so that its refusal reaches the request that waits for it.
 * 0 when the frame does not begin with one; encoders may put fields in any order, though none that is known does.
 */
export function frameIdOf(bytes: Uint8Array): number {
  if (bytes[0] !== ID_TAG) return 0;
  let id = 0;
  for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
    const byte = bytes[index + 1];
    if (byte === undefined) return 0;
    id += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return id <= 0xffff_ffff ? id : 0;
  }
  return 0;
}
