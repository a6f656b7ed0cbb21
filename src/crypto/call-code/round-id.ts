/** What a round is called: 16 random bytes, chosen by whoever starts it. */
export const ROUND_ID_BYTES = 16;

/**
 * Below zero when `a` is the smaller, as numbers with the first byte the most significant; zero when they are equal.
 */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
}
