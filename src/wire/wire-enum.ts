import * as z from 'zod/mini';

/** A protobuf enum and the words that the code uses for it. Wire value 0 is always `…_UNSPECIFIED` and never accepted. */
export interface WireEnum<Word extends string> {
  readonly schema: z.ZodMiniType<Word>;
  toWire(word: Word): number;
}

/** `words[i]` stands for wire value i + 1, in the order of the .proto file. */
export function wireEnum<const Words extends readonly string[]>(...words: Words): WireEnum<Words[number]> {
  type Word = Words[number];
  return {
    schema: z.pipe(
      z.int().check(z.minimum(1), z.maximum(words.length)),
      z.transform((value: number): Word => words[value - 1] as Word),
    ),
    toWire: (word) => words.indexOf(word) + 1,
  };
}

export const mediaKind = wireEnum('audio', 'video');
export const source = wireEnum('microphone', 'camera', 'screen', 'screen-audio');
export const direction = wireEnum('send', 'recv');
export const role = wireEnum('speaker', 'listener');
export const dtlsRole = wireEnum('auto', 'client', 'server');
export const headerExtensionDirection = wireEnum('sendrecv', 'sendonly', 'recvonly', 'inactive');

export type MediaKind = z.infer<typeof mediaKind.schema>;
export type Source = z.infer<typeof source.schema>;
export type Role = z.infer<typeof role.schema>;
export type Direction = z.infer<typeof direction.schema>;
