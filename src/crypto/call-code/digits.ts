/**
 * Exported from the MLS epoch for this code alone: MLS-Exporter("conclave call code", "", 32) (RFC 9420, section 8.5).
 */
const EXPORTED_BYTES = 32;

const GROUPS = 6;

/**
 * As Signal does: 40 bits for a group of 5 digits make no digit more likely than another by more than 1 in 10 million.
 */
const GROUP_BYTES = 5;
const GROUP_END = 100_000;

/**
 * 2^17: 0.1 s on a laptop, 0.5 s on a poor phone, paid when the code is looked at. Higher costs forgers and people
 * alike.
 */
const ITERATIONS = 131_072;

const SALT = new TextEncoder().encode('conclave 30 digits v1');

/**
 * The code for the careful: six groups of five digits that are the same for all who are in the same epoch of the same
 * group.
 *
 * What it is worth: 6 x log2(100,000) = 99.7 bits. Nothing here is committed to beforehand, so whoever sits between two
 * people may try keys on both sides until two codes meet: by the birthday bound 2^49.8 tries a side, not 2^99.7. Hence
 * PBKDF2: every try costs 2^17 HMACs more, 2^66.8 in all, for one meeting of two people. To meet a code that is already
 * fixed costs 2^116.7.
 */
export async function digitCode(exported: Uint8Array): Promise<readonly string[]> {
  if (exported.byteLength !== EXPORTED_BYTES) throw new RangeError(`${exported.byteLength} exported bytes`);
  const { subtle } = crypto;
  const key = await subtle.importKey('raw', Uint8Array.from(exported), 'PBKDF2', false, ['deriveBits']);
  const stretch = { name: 'PBKDF2', hash: 'SHA-256', salt: SALT, iterations: ITERATIONS };
  const bits = await subtle.deriveBits(stretch, key, GROUPS * GROUP_BYTES * 8);
  const bytes = new DataView(bits);
  return Array.from({ length: GROUPS }, (_, group) => digitsAt(bytes, group * GROUP_BYTES));
}

/** Five bytes, the first the most significant, as five digits. */
function digitsAt(bytes: DataView, offset: number): string {
  const number = bytes.getUint8(offset) * 2 ** 32 + bytes.getUint32(offset + 1);
  return String(number % GROUP_END).padStart(5, '0');
}
