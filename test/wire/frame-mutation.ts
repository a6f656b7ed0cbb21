import { seeded } from '../support/seeded.ts';

/** Whole numbers below a bound, the same for the same seed. */
export function randomFrom(seed: number): (below: number) => number {
  const random = seeded(seed);
  return (below) => Math.floor(random() * below);
}

/** A frame with one to four things wrong: bits, bytes, lengths, pieces cut, doubled, moved or made up. */
export function mutate(frame: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = Buffer.from(frame);
  for (let times = 1 + random(4); times > 0; times -= 1) {
    const at = random(bytes.length + 1);
    const to = Math.min(bytes.length, at + 1 + random(16));
    const before = bytes.subarray(0, at);
    const piece = bytes.subarray(at, to);
    const after = bytes.subarray(to);
    const made = Buffer.from(Array.from({ length: random(9) }, () => random(256)));
    const choices = [
      () => Buffer.concat([before, piece.map((byte) => byte ^ (1 << random(8))), after]),
      () => Buffer.concat([before, piece.fill([0x00, 0x7f, 0x80, 0xff][random(4)] ?? 0), after]),
      () => before,
      () => Buffer.concat([before, after]),
      () => Buffer.concat([before, piece, piece, after]),
      () => Buffer.concat([after, piece, before]),
      () => Buffer.concat([before, made, piece, after]),
    ];
    bytes = Buffer.from(choices[random(choices.length)]?.() ?? bytes);
  }
  return bytes;
}
