import type { DeviceId, MemberId, UserId } from '../../base/index.ts';

/** What a leaf says of its owner. The server's token vouches for user and device; the server gives the member id. */
export interface MemberCredential {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly memberId: MemberId;
}

const VERSION = 1;
const MAX_FIELD_BYTES = 255;

/**
 * The identity of a basic credential (RFC 9420 section 5.3): a version, then user, device and member, each with its
 * length in a byte.
 */
export function encodeCredential({ userId, deviceId, memberId }: MemberCredential): Uint8Array {
  const fields = [userId, deviceId, memberId].map((text) => new TextEncoder().encode(text));
  if (fields.some(({ length }) => length === 0 || length > MAX_FIELD_BYTES))
    throw new RangeError('id of 1 to 255 bytes');
  return Uint8Array.from([VERSION, ...fields.flatMap((field) => [field.length, ...field])]);
}

/** `undefined` for anything that `encodeCredential` would not have written. */
export function decodeCredential(bytes: Uint8Array): MemberCredential | undefined {
  if (bytes[0] !== VERSION) return undefined;
  const texts: string[] = [];
  let offset = 1;
  while (offset < bytes.length && texts.length < 3) {
    const end = offset + 1 + (bytes[offset] ?? 0);
    const text = textOf(bytes.subarray(offset + 1, end));
    if (end > bytes.length || !text) return undefined;
    texts.push(text);
    offset = end;
  }
  const [userId, deviceId, memberId] = texts;
  if (offset !== bytes.length || memberId === undefined) return undefined;
  return { userId: userId as UserId, deviceId: deviceId as DeviceId, memberId: memberId as MemberId };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined; // not UTF-8
  }
}
