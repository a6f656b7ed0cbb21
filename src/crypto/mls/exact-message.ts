import { decodeMlsMessage, encodeMlsMessage, type MLSMessage } from 'ts-mls/message.js';

/**
 * One MLSMessage (RFC 9420 section 6) and nothing else: re-encoded it gives the same bytes, so no two byte strings are
 * the same message. Keeps no reference to `bytes`.
 */
export function decodeExactly(bytes: Uint8Array, maxBytes: number): MLSMessage | 'too-large' | 'malformed' {
  if (bytes.length > maxBytes) return 'too-large';
  try {
    const own = bytes.slice();
    const decoded = decodeMlsMessage(own, 0);
    return decoded && sameBytes(encodeMlsMessage(decoded[0]), own) ? decoded[0] : 'malformed';
  } catch {
    return 'malformed'; // the library throws for half of what it cannot read
  }
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
