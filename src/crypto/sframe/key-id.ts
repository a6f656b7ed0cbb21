/** What is captured, in the order of its context value in the key id. */
const SOURCES = ['microphone', 'camera', 'screen', 'screen-audio'] as const;

export type Source = (typeof SOURCES)[number];

/** Whose frame it is: one source of one member. */
export interface FrameOwner {
  readonly leafIndex: number;
  readonly source: Source;
}

/** E: epochs that can be told apart at one time. More would lengthen the header; a receiver holds two or three. */
const EPOCH_BITS = 4;

/** S: members of a group. With 2 bits of context above, a key id fits 2 bytes. */
const INDEX_BITS = 10;

/** Epochs with the same low bits are this far apart. */
export const EPOCH_SLOTS = 1 << EPOCH_BITS;

/** A member whose leaf index is not below this cannot send. */
export const MAX_LEAVES = 1 << INDEX_BITS;

/** Every key id of a call is below this. */
const KEY_ID_END = BigInt(SOURCES.length << (INDEX_BITS + EPOCH_BITS));

/** Which of the slots an epoch takes. */
export function slotOf(epoch: bigint): number {
  return Number(BigInt.asUintN(EPOCH_BITS, epoch));
}

/** `(context << (S + E)) + (index << E) + (epoch % 2^E)` (RFC 9605, section 5.2). */
export function keyIdOf({ leafIndex, source }: FrameOwner, epoch: bigint): bigint {
  return BigInt((SOURCES.indexOf(source) << (INDEX_BITS + EPOCH_BITS)) | (leafIndex << EPOCH_BITS) | slotOf(epoch));
}

/** The parts of a key id; `undefined` for one that no member of a call can have. */
export function parseKeyId(keyId: bigint): (FrameOwner & { readonly slot: number }) | undefined {
  if (keyId >= KEY_ID_END) return undefined;
  const bits = Number(keyId);
  const source = SOURCES[bits >> (INDEX_BITS + EPOCH_BITS)];
  if (source === undefined) return undefined;
  return { leafIndex: (bits >> EPOCH_BITS) & (MAX_LEAVES - 1), source, slot: bits & (EPOCH_SLOTS - 1) };
}
