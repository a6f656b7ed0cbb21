import protobuf from 'protobufjs/minimal.js';
import { WireError } from './wire-error.ts';

/** The field numbers of a frame's bodies, as the generated code writes them: `encode` makes a frame of one empty body. */
export function bodyFieldNumbers<Name extends string>(
  names: readonly Name[],
  encode: (name: Name) => Uint8Array,
): ReadonlySet<number> {
  return new Set(names.map((name) => protobuf.Reader.create(encode(name)).uint32() >>> 3));
}

/** The number of the field after the id, which is the body's in every frame of ours; 0 when there is none to be read. */
export function firstBodyField(bytes: Uint8Array): number {
  try {
    const reader = protobuf.Reader.create(bytes);
    let tag = reader.uint32();
    if (tag >>> 3 === 1) {
      reader.skipType(tag & 7);
      tag = reader.uint32();
    }
    return tag >>> 3;
  } catch {
    return 0; // too short: the decoder will say so
  }
}

/**
 * Protobuf lets a frame say several bodies and keeps the last, or merges two of a kind: then two readers may see two messages.
 * Fields that are no body are let by: newer clients may say more.
 *
 * @throws WireError `malformed` for a frame with two bodies. The bytes have been decoded before, so they can be read.
 */
export function refuseSecondBody(bytes: Uint8Array, bodies: ReadonlySet<number>, frameId: number): void {
  const reader = protobuf.Reader.create(bytes);
  let seen = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (bodies.has(tag >>> 3)) seen += 1;
    reader.skipType(tag & 7);
  }
  if (seen > 1) throw new WireError('malformed', 'more than one body', frameId);
}
