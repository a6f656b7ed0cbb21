import type { PrivateMessage } from 'ts-mls/privateMessage.js';
import { decryptSenderData } from 'ts-mls/privateMessage.js';
import { decodeExactly, sameBytes } from './exact-message.ts';
import type { Ground } from './ground.ts';
import type { FramingRefusal } from './refusal.ts';

/**
 * A PrivateMessage (RFC 9420 section 6.3) of this group and this kind, still closed. All of what the server can read
 * is read here.
 */
export function decodePrivate(
  bytes: Uint8Array,
  kind: { readonly contentType: 'commit' | 'application'; readonly maxBytes: number },
  { groupId }: Ground,
): PrivateMessage | FramingRefusal {
  const message = decodeExactly(bytes, kind.maxBytes);
  if (typeof message === 'string') return message;
  if (message.wireformat !== 'mls_private_message') return 'wrong-kind';
  const closed = message.privateMessage;
  if (!sameBytes(closed.groupId, groupId)) return 'wrong-group';
  if (closed.contentType !== kind.contentType) return 'wrong-kind';
  return closed.authenticatedData.length === 0 ? closed : 'malformed';
}

/** Who it says it is from, before anything proves it; `undefined` when it is not of this epoch. */
export async function senderOf(
  closed: PrivateMessage,
  senderDataSecret: Uint8Array,
  { suite }: Ground,
): Promise<{ readonly leaf: number; readonly generation: number; readonly reuseGuard: Uint8Array } | undefined> {
  try {
    const sender = await decryptSenderData(closed, senderDataSecret, suite);
    return sender && { leaf: sender.leafIndex, generation: sender.generation, reuseGuard: sender.reuseGuard };
  } catch {
    return undefined; // made with other keys, or changed on the way
  }
}
