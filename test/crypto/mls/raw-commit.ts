import { encode } from 'ts-mls/codec/tlsEncoder.js';
import { encodeMlsMessage } from 'ts-mls/message.js';
import { encryptSenderData, privateContentAADEncoder } from 'ts-mls/privateMessage.js';
import { consumeRatchet } from 'ts-mls/secretTree.js';
import type { RawMember } from './raw-member.ts';

/** proposal (1), remove (3), a leaf: RFC 9420 section 12.4. */
const REMOVE_BYTES = 7;

/**
 * A sealed commit of so many removes. The library's encoder recurses and cannot write it, so the bytes are laid by
 * hand; the signature in it is no good.
 */
export async function sealRemoves({ library, ground }: RawMember, count: number): Promise<Uint8Array> {
  const { suite } = ground;
  const { groupContext, privatePath, secretTree, keySchedule } = library;
  const removes = Array.from({ length: count }, (_, leaf) => [
    1,
    0,
    3,
    leaf >> 24,
    (leaf >> 16) & 255,
    (leaf >> 8) & 255,
    leaf & 255,
  ]);
  const length = count * REMOVE_BYTES;
  const header = [0x80 | (length >> 24), (length >> 16) & 255, (length >> 8) & 255, length & 255];
  const rest = [0, 0x40, 64, ...new Uint8Array(64), 32, ...new Uint8Array(32)]; // no path, signature, confirmation tag
  const content = Uint8Array.from([...header, ...removes.flat(), ...rest]);

  const { groupId, epoch } = groupContext;
  const aad = { groupId, epoch, contentType: 'commit' as const, authenticatedData: new Uint8Array() };
  const leafIndex = privatePath.leafIndex;
  const { key, nonce, generation, reuseGuard } = await consumeRatchet(secretTree, leafIndex * 2, 'commit', suite);
  const ciphertext = await suite.hpke.encryptAead(key, nonce, encode(privateContentAADEncoder)(aad), content);
  const sender = { leafIndex, generation, reuseGuard };
  const encryptedSenderData = await encryptSenderData(keySchedule.senderDataSecret, sender, aad, ciphertext, suite);
  const privateMessage = { ...aad, encryptedSenderData, ciphertext };
  return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage });
}
