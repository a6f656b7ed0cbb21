import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SILENT, type Voice, voiceAfter } from '../../src/client/onset.ts';

const LOOK_MS = 50;
const [SPEECH, MURMUR, NOISE] = [-30, -47, -65];

/** Listens to one level after the other, 50 ms apart. The answer: when it was claimed. */
function claims(levels: readonly number[]): readonly number[] {
  const claimedAt: number[] = [];
  let voice: Voice = SILENT;
  for (const [index, dbov] of levels.entries()) {
    const nowMs = index * LOOK_MS;
    const next = voiceAfter(voice, dbov, nowMs);
    if (next.claimedAtMs !== voice.claimedAtMs) claimedAt.push(nowMs);
    voice = next;
  }
  return claimedAt;
}

const during = (ms: number, dbov: number) => Array<number>(ms / LOOK_MS).fill(dbov);

describe('the onset of speech', () => {
  test.each<[string, readonly number[], readonly number[]]>([
    ['silence', during(2_000, NOISE), []],
    ['no signal at all', during(2_000, Number.NEGATIVE_INFINITY), []],
    ['a click', [NOISE, SPEECH, NOISE, SPEECH, NOISE, NOISE], []],
    ['speech: at the second look', [...during(200, NOISE), ...during(5_000, SPEECH)], [250]],
    ['a murmur does not begin', during(2_000, MURMUR), []],
    ['nor end what goes on', [...during(300, SPEECH), ...during(2_000, MURMUR), ...during(300, SPEECH)], [50]],
    ['pauses between words', [...during(300, SPEECH), ...during(600, NOISE), ...during(300, SPEECH)], [50]],
    ['another turn', [...during(500, SPEECH), ...during(1_000, NOISE), ...during(300, SPEECH)], [50, 1_550]],
    ['one claim a second', [...during(100, SPEECH), ...during(750, NOISE), ...during(800, SPEECH)], [50]],
  ])('%s', (_, levels, expected) => {
    expect(claims(levels)).toEqual(expected);
  });

  test('is never claimed twice within a second, whatever is heard', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -100, max: 0, noNaN: true }), { maxLength: 200 }), (levels) => {
        const at = claims(levels);
        for (const [index, ms] of at.slice(1).entries()) expect(ms - (at[index] ?? 0)).toBeGreaterThanOrEqual(1_000);
      }),
    );
  });
});
