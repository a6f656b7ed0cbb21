import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  nextShown,
  type Quality,
  qualityReceived,
  qualitySent,
  type Received,
  type Sent,
  type ShownQuality,
} from '../../src/client/quality.ts';

const PERFECT: Received = { loss: 0, jitterMs: 5, frozen: 0, silentMs: 30, silentLimitMs: 4_000 };
const FAST: Sent = { loss: 0, roundTripMs: 20, limited: 0, availableBps: 3_000_000 };

describe('what is received', () => {
  test.each<[string, Partial<Received>, Quality]>([
    ['as it was sent', {}, 'excellent'],
    ['with the loss of a good wireless line', { loss: 0.02 }, 'excellent'],
    ['with loss that repair hides', { loss: 0.05 }, 'good'],
    ['with loss that it does not', { loss: 0.081 }, 'poor'],
    ['on time, as good as', { jitterMs: 30 }, 'excellent'],
    ['late now and then', { jitterMs: 60 }, 'good'],
    ['late all the time', { jitterMs: 81 }, 'poor'],
    ['with one hiccup', { frozen: 0.05 }, 'good'],
    ['standing still', { frozen: 1 }, 'poor'],
    ['with a perfect sound to a picture that stands still', { frozen: 0.5, loss: 0 }, 'poor'],
    ['not for 3 s', { silentMs: 3_999 }, 'excellent'],
    ['not any more', { silentMs: 4_000 }, 'lost'],
    ['not any more, whatever came before', { silentMs: 9_000, loss: 0.5 }, 'lost'],
  ])('%s', (_, change, quality) => {
    expect(qualityReceived({ ...PERFECT, ...change })).toBe(quality);
  });
});

describe('what is sent', () => {
  test.each<[string, Partial<Sent>, Quality]>([
    ['over a fast line', {}, 'excellent'],
    ['to a server on the next continent', { roundTripMs: 180 }, 'good'],
    ['over a satellite', { roundTripMs: 600 }, 'poor'],
    ['with loss on the way up', { loss: 0.05 }, 'good'],
    ['with every tenth packet lost', { loss: 0.1 }, 'poor'],
    ['in a stream that has just begun', { limited: 0.2 }, 'excellent'],
    ['over a line that carries less than the best picture', { limited: 1, availableBps: 700_000 }, 'good'],
    ['over one that carries hardly the smallest', { limited: 1, availableBps: 200_000 }, 'poor'],
    ['as voice alone, over the same', { limited: 0, availableBps: 200_000 }, 'excellent'],
  ])('%s', (_, change, quality) => {
    expect(qualitySent({ ...FAST, ...change })).toBe(quality);
  });
});

/** What is shown after each of these, by their first letters: `e`, `g`, `p`, `l`. */
function shown(measured: string): string {
  const names: Readonly<Record<string, Quality>> = { e: 'excellent', g: 'good', p: 'poor', l: 'lost' };
  let state: ShownQuality | undefined;
  return [...measured]
    .map((letter) => {
      state = nextShown(state, names[letter] as Quality);
      return state.quality[0];
    })
    .join('');
}

describe('what is shown', () => {
  test.each([
    ['the first measurement, at once', 'p', 'p'],
    ['a hiccup, not at all', 'eeepeee', 'eeeeeee'],
    ['worse, after two', 'eeppp', 'eeepp'],
    ['of two that are worse, the better', 'eegpp', 'eeegp'],
    ['better, after three', 'ppeee', 'ppppe'],
    ['of three that are better, the worst', 'pppegee', 'pppppgg'],
    ['lost, at once', 'eeel', 'eeel'],
    ['what comes again, at once', 'eelg', 'eelg'],
    ['a line between two, without a flicker', 'egegegege', 'eeeeeeeee'],
    ['a bad line with good moments', 'ppeppepp', 'pppppppp'],
  ])('%s', (_, measured, expected) => {
    expect(shown(measured)).toBe(expected);
  });

  test('changes at most every second measurement, unless something is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('e', 'g', 'p'), { maxLength: 60 }), (measured) => {
        const letters = shown(measured.join(''));
        const backAndForth = [...letters].filter(
          (letter, index) => index > 1 && letter !== letters[index - 1] && letter === letters[index - 2],
        );
        expect(backAndForth).toEqual([]);
      }),
    );
  });

  test('is what was measured, once that stays', () => {
    const letter = fc.constantFrom('e', 'g', 'p', 'l');
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 20 }), letter, (before, last) => {
        expect(shown(before.join('') + last.repeat(3)).at(-1)).toBe(last);
      }),
    );
  });
});
