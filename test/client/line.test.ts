import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Line, type LineSample, NEW_LINE, nextLine } from '../../src/client/line.ts';

const LOOK_MS = 200;

/** What a look after so many found: which paths something came over since the one before, and the socket. */
type Look = Partial<Pick<LineSample, 'socketIsUp' | 'socketLostAtMs'>> & { readonly came: readonly boolean[] };

/** The kinds of line after each look, without repetitions. */
function kindsAfter(looks: readonly Look[], paths = 2): readonly Line['kind'][] {
  let line = NEW_LINE;
  let receivedBytes: readonly number[] = Array.from({ length: paths }, () => 0);
  const kinds: Line['kind'][] = [];
  for (const [index, { came, socketIsUp = true, socketLostAtMs }] of looks.entries()) {
    receivedBytes = receivedBytes.map((bytes, path) => bytes + (came[path] ? 1_000 : 0));
    line = nextLine(line, { atMs: index * LOOK_MS, receivedBytes, socketIsUp, socketLostAtMs });
    if (line.kind !== kinds.at(-1)) kinds.push(line.kind);
  }
  return kinds;
}

const repeat = (count: number, look: Look): readonly Look[] => Array.from({ length: count }, () => look);
const BOTH = { came: [true, true] };
const ONE = { came: [true, false] };
const NEITHER = { came: [false, false] };
/** 4 s. */
const steady = repeat(20, BOTH);
const STEADY_ENDS_MS = 19 * LOOK_MS;

describe('a line', () => {
  test.each<[string, readonly Look[], readonly Line['kind'][]]>([
    ['that carries both ways flows', steady, ['flowing']],
    ['that hiccups for 400 ms flows on', [...steady, ...repeat(2, NEITHER), ...steady], ['flowing']],
    ['that falls silent is suspicious once', [...steady, ...repeat(5, NEITHER)], ['flowing', 'silent']],
    [
      'is lost when the socket answers and both ways are silent',
      [...steady, ...repeat(9, NEITHER)],
      ['flowing', 'silent', 'restarted'],
    ],
    [
      'is not restarted while there is no socket to ask over',
      [...steady, ...repeat(50, { ...NEITHER, socketIsUp: false, socketLostAtMs: STEADY_ENDS_MS + 900 })],
      ['flowing', 'silent'],
    ],
    [
      'is lost as soon as the session was resumed',
      [...steady, ...repeat(3, NEITHER), ...repeat(2, { ...NEITHER, socketLostAtMs: STEADY_ENDS_MS + 900 })],
      ['flowing', 'silent', 'restarted'],
    ],
    [
      'over which something comes again flows',
      [...steady, ...repeat(9, NEITHER), ...steady],
      ['flowing', 'silent', 'restarted', 'flowing'],
    ],
    ['is restarted once a silence', [...steady, ...repeat(100, NEITHER)], ['flowing', 'silent', 'restarted']],
    ['that never flowed steadily is not missed', repeat(100, NEITHER), ['flowing']],
    ['of which one way goes on flows', [...steady, ...repeat(100, ONE)], ['flowing']],
    [
      'of which one way only flowed may have nothing to carry: only the socket is asked',
      [...repeat(20, ONE), ...repeat(100, NEITHER)],
      ['flowing', 'silent'],
    ],
    [
      'of which one way only flowed is lost when the socket went too',
      [...repeat(20, ONE), ...repeat(10, { ...NEITHER, socketLostAtMs: STEADY_ENDS_MS })],
      ['flowing', 'silent', 'restarted'],
    ],
    [
      'of which the ways end one after the other is not lost: whoever is alone hears nothing, and soon nobody watches',
      [...steady, ...repeat(25, ONE), ...repeat(100, NEITHER)],
      ['flowing', 'silent'],
    ],
    [
      'whose socket was lost long before is judged without it',
      [...repeat(20, ONE), ...repeat(10, { ...NEITHER, socketLostAtMs: 0 })],
      ['flowing', 'silent'],
    ],
  ])('%s', (_, looks, kinds) => expect(kindsAfter(looks)).toEqual(kinds));

  test('of a listener is one path', () => {
    const looks = [...repeat(20, { came: [true] }), ...repeat(10, { came: [false], socketLostAtMs: STEADY_ENDS_MS })];
    expect(kindsAfter(looks, 1)).toEqual(['flowing', 'silent', 'restarted']);
  });

  test('is never suspected while something comes in any three looks, whatever the socket does', () => {
    const look = fc.record({ came: fc.tuple(fc.boolean(), fc.boolean()), socketIsUp: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fc.tuple(look, look, fc.constant({ came: [true, false] }))), (looks) => {
        expect(kindsAfter([...steady, ...looks.flat()])).toEqual(['flowing']);
      }),
    );
  });

  test('carried on by another worker counts from nothing, and flows', () => {
    const flows = [{ receivedBytes: 9_000, sinceMs: 0, lastMs: 4_000 }];
    const line = nextLine(
      { kind: 'silent', flows },
      { atMs: 4_700, receivedBytes: [10], socketIsUp: true, socketLostAtMs: undefined },
    );
    expect(line.kind).toBe('flowing');
  });
});
