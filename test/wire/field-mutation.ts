import { conclave } from '../../src/wire/gen/conclave.js';

type Holder = Record<string, unknown>;

const ODD_NUMBERS = [0, 1, 127, 128, 255, 65_536, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];
const ODD_TEXTS = ['', 'zz', '-1', '../..', '__proto__', 'toString', '\0', 'zürich', 'x'.repeat(300), '😀'.repeat(40)];

/** A frame that still parses, with one to four of its fields made odd: `mutate` breaks the lengths of most. */
export function mutateFields(frame: Uint8Array, random: (below: number) => number): Uint8Array {
  const decoded = conclave.v1.ClientFrame.decode(frame);
  for (let times = 1 + random(4); times > 0; times -= 1) {
    const fields = fieldsOf(decoded as unknown as Holder);
    const [holder, name] = fields[random(fields.length)] ?? [{}, ''];
    holder[name] = odd(holder[name], random);
  }
  return conclave.v1.ClientFrame.encode(decoded).finish();
}

/** Every field of a message and of those inside it, the frame's own id left out. */
function fieldsOf(message: Holder): [Holder, string][] {
  return Object.entries(message).flatMap(([name, value]): [Holder, string][] => {
    if (name === 'id') return [];
    const inside = typeof value === 'object' && value !== null ? fieldsOf(value as Holder) : [];
    return [[message, name], ...inside];
  });
}

/** Another value of the same type, so that it can be encoded. */
function odd(value: unknown, random: (below: number) => number): unknown {
  if (typeof value === 'number') return ODD_NUMBERS[random(ODD_NUMBERS.length)];
  if (typeof value === 'string') return [...ODD_TEXTS, value + value, value.slice(1)][random(ODD_TEXTS.length + 2)];
  if (typeof value === 'boolean') return !value;
  if (!Array.isArray(value)) return {};
  const many = Array.from({ length: value.length && 200 }, (_, at) => value[at % value.length]);
  return [[], [...value, ...value], value.slice(1), value.toReversed(), many][random(5)];
}
