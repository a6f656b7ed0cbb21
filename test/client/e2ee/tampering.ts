import type { MlsFact } from '../../../src/client/e2ee/mls-fact.ts';

/** The fact with one byte field changed: a bit flipped, cut, lengthened, or emptied. The very fact when it has none. */
export function tampered(fact: MlsFact, random: () => number): MlsFact {
  const copy = structuredClone(fact);
  const fields = bytesIn(copy.value);
  const field = fields[Math.floor(random() * fields.length)];
  if (field) field.holder[field.key] = changed(field.bytes, random);
  return copy;
}

interface Field {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly bytes: Uint8Array;
}

function bytesIn(value: unknown): Field[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.entries(holder).flatMap(([key, each]) =>
    each instanceof Uint8Array ? [{ holder, key, bytes: each }] : bytesIn(each),
  );
}

function changed(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = Math.floor(random() * bytes.length);
  switch (Math.floor(random() * 4)) {
    case 0:
      return bytes.map((byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte));
    case 1:
      return bytes.slice(0, at);
    case 2:
      return Uint8Array.from([...bytes, 0]);
    default:
      return new Uint8Array(bytes.length);
  }
}
