import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMix, KINDS, kindsOf, type Mix, maySend, parseMix } from '../../load/mix.ts';

const mixes: fc.Arbitrary<Mix> = fc
  .array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: KINDS.length })
  .map((shares) => new Map(KINDS.slice(0, shares.length).map((kind, at) => [kind, shares[at] ?? 1])));

describe('a mix', () => {
  test.each([
    ['bot', [['bot', 1]]],
    [
      'browser:2,bot:6',
      [
        ['browser', 2],
        ['bot', 6],
      ],
    ],
    ['bot:3', [['bot', 3]]],
  ])('%s', (text, shares) => expect([...parseMix(text)]).toEqual(shares));

  test.each(['', 'robot', 'bot,browser', 'bot:0', 'bot:1:2', 'bot:1,bot:2', 'bot:', 'bot:1,', 'browser:1.5'])(
    '%j is none',
    (text) => expect(() => parseMix(text)).toThrow(/^not /),
  );

  test('is written as it is read', () => {
    fc.assert(
      fc.property(mixes, (mix) => {
        if (mix.size > 1) expect([...parseMix(formatMix(mix))]).toEqual([...mix]);
        else expect([...parseMix(formatMix(mix)).keys()]).toEqual([...mix.keys()]); // of one kind all are that
      }),
    );
  });
});

test('ends of RTP send only where nobody has keys', () => {
  expect(maySend('rtp', parseMix('rtp'))).toBe(true);
  expect(maySend('rtp', parseMix('bot:1,rtp:9'))).toBe(false);
  expect(maySend('bot', parseMix('bot:1,rtp:9'))).toBe(true);
});

describe('kinds by their shares', () => {
  test('take turns', () => {
    expect(kindsOf(parseMix('browser:1,bot:3'), 8).join(' ')).toBe('bot browser bot bot bot browser bot bot');
  });

  test('of as many as the shares are exactly those', () => {
    fc.assert(
      fc.property(mixes, (mix) => {
        const kinds = kindsOf(
          mix,
          [...mix.values()].reduce((sum, share) => sum + share),
        );
        for (const [kind, share] of mix) expect(kinds.filter((each) => each === kind)).toHaveLength(share);
      }),
    );
  });

  test('are never a whole participant away from their share, wherever one stops', () => {
    fc.assert(
      fc.property(mixes, fc.integer({ min: 0, max: 200 }), (mix, count) => {
        const total = [...mix.values()].reduce((sum, share) => sum + share);
        const kinds = kindsOf(mix, count);
        expect(kinds).toHaveLength(count);
        for (const [kind, share] of mix) {
          const placed = kinds.filter((each) => each === kind).length;
          expect(Math.abs(placed - (count * share) / total)).toBeLessThan(1);
        }
      }),
    );
  });
});
