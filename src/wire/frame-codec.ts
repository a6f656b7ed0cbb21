import type * as z from 'zod/mini';
import { frameIdOf } from './frame-id.ts';
import { WireError } from './wire-error.ts';

/** How one kind of body is checked after decoding, and how ours becomes protobuf's. */
export interface BodyCodec<Schema extends z.ZodMiniType, Sent> {
  readonly schema: Schema;
  readonly toWire: (value: Sent) => unknown;
}

type Table = Readonly<Record<string, BodyCodec<z.ZodMiniType, never>>>;

/** A received body as a union over a table of codecs: `{ case: 'join', value: … } | …`. */
export type Received<Bodies extends Table> = {
  [Case in keyof Bodies]: { readonly case: Case; readonly value: z.output<Bodies[Case]['schema']> };
}[keyof Bodies];

/** The same for sending, where some bodies take the looser shapes of mediasoup and mediasoup-client. */
export type Sent<Bodies extends Table> = {
  [Case in keyof Bodies]: { readonly case: Case; readonly value: Parameters<Bodies[Case]['toWire']>[0] };
}[keyof Bodies];

/** A message whose fields read the same on both sides. */
export function same<Schema extends z.ZodMiniType>(schema: Schema): BodyCodec<Schema, z.output<Schema>> {
  return { schema, toWire: (value) => value };
}

/** A message that needs turning on its way out. */
export function turned<Schema extends z.ZodMiniType, Value>(
  schema: Schema,
  toWire: (value: Value) => unknown,
): BodyCodec<Schema, Value> {
  return { schema, toWire };
}

/** The one field besides those in `envelope` that a decoded frame holds; `undefined` when it holds none that we know. */
export function bodyCase(decoded: object, envelope: readonly string[]): string | undefined {
  return Object.keys(decoded).find((key) => !envelope.includes(key));
}

/** @throws WireError `invalid`, naming the first field that is off. */
export function check<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  name: string,
  frameId: number,
): z.output<Schema> {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const path = outcome.error.issues[0]?.path ?? [];
  throw new WireError('invalid', `bad field: ${[name, ...path].join('.').slice(0, 100)}`, frameId);
}

/** @throws WireError `too-large` before looking inside, `malformed` when protobuf cannot read it. */
export function decodeBytes<Decoded>(
  decode: (bytes: Uint8Array) => Decoded,
  bytes: Uint8Array,
  maxBytes: number,
): Decoded {
  if (bytes.byteLength > maxBytes) {
    throw new WireError('too-large', `frame of ${bytes.byteLength} bytes, limit ${maxBytes}`, frameIdOf(bytes));
  }
  try {
    return decode(bytes);
  } catch {
    throw new WireError('malformed', 'not a frame', frameIdOf(bytes)); // protobufjs names offsets, which help nobody
  }
}
