import { describe, expect, test } from 'vitest';
import { CODE_EMOJI, sixEmoji } from '../../../src/crypto/call-code/index.ts';

describe('the emoji of codes', () => {
  test('are 64, so that each is 6 bits and none is likelier than another', () => {
    expect(CODE_EMOJI).toHaveLength(64);
  });

  test('differ in picture and in both names', () => {
    for (const field of ['symbol', 'english', 'italian'] as const) {
      expect(new Set(CODE_EMOJI.map((each) => each[field])).size).toBe(64);
    }
  });

  test('are single code points that show as pictures by themselves', () => {
    for (const { symbol } of CODE_EMOJI) expect(symbol).toMatch(/^\p{Emoji_Presentation}$/u);
  });

  test('are picked by the low bits of the first six bytes', () => {
    const picked = sixEmoji(Uint8Array.of(0, 1, 63, 64, 127, 255, 9, 9));
    expect(picked.map(({ english }) => english)).toEqual(['dog', 'cat', 'robot', 'dog', 'robot', 'robot']);
  });

  test('five bytes are no code', () => {
    expect(() => sixEmoji(new Uint8Array(5))).toThrow(RangeError);
  });
});
