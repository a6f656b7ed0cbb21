import * as z from 'zod/mini';
import type { ConsumerId, DeviceId, MemberId, PeerId, ProducerId, RoomId, SessionId, UserId } from '../base/index.ts';
import { MAX_ID_CHARS } from './limits.ts';

/** An id as it travels: URL-safe, so that nothing downstream needs to escape it. */
export const idField = z.string().check(z.maxLength(MAX_ID_CHARS), z.regex(/^[A-Za-z0-9_-]+$/));

/** A checked id may call itself what the message says it is; that it exists is for the room to say. */
const branded = <Id extends string>() => idField as unknown as z.ZodMiniType<Id>;

export const roomIdField = branded<RoomId>();
export const peerIdField = branded<PeerId>();
export const userIdField = branded<UserId>();
export const deviceIdField = branded<DeviceId>();
export const sessionIdField = branded<SessionId>();
export const memberIdField = branded<MemberId>();
export const producerIdField = branded<ProducerId>();
export const consumerIdField = branded<ConsumerId>();

/** `optional` in proto3: null or absent when not set. Drops the key, as `exactOptionalPropertyTypes` wants. */
export function present<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], null | undefined> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], null | undefined> };
}

/** True when no two members have the same key; members without one do not count. */
export function distinct<T>(list: readonly T[], key: (member: T) => unknown): boolean {
  const keys = list.map(key).filter((value) => value !== undefined && value !== null);
  return new Set(keys).size === keys.length;
}

/** Bytes of ours, copied: protobuf hands out a view into the frame, which keeps the whole frame alive. */
export function bytesField(minBytes: number, maxBytes: number): z.ZodMiniType<Uint8Array<ArrayBuffer>> {
  return z.pipe(
    z.instanceof(Uint8Array).check(z.refine(({ byteLength }) => byteLength >= minBytes && byteLength <= maxBytes)),
    z.transform((bytes) => new Uint8Array(bytes)),
  );
}

export const uint8 = z.int().check(z.minimum(0), z.maximum(255));
export const uint32 = z.int().check(z.minimum(0), z.maximum(0xffff_ffff));
