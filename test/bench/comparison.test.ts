import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, parseResult, type Result, ResultError } from '../../bench/comparison.ts';

const MACHINE = { cpu: 'A core', cores: 2, kernel: '6.1', node: 'v20.20.2' };

function result(figures: Readonly<Record<string, unknown>>, head: Partial<Result> = {}): Result {
  return {
    bench: 'forwarding',
    quick: false,
    date: '2026-11-25T12:00:00.000Z',
    commit: '0123456789ab',
    machine: MACHINE,
    load_average: { before: 0.1, after: 2 },
    ...head,
    ...figures,
  };
}

const lineOf = (old: object, later: object, figure: string) =>
  compare(result({ ...old }), result({ ...later })).lines.find((line) => line.figure === figure);

describe('a figure', () => {
  test('has its old value, its new one and the quotient', () => {
    expect(lineOf({ us: 8 }, { us: 6 }, 'us')).toEqual({
      figure: 'us',
      old: 8,
      new: 6,
      ratio: 0.75,
      verdict: 'one value',
    });
  });

  test('that only one of them has is shown, and compared with nothing', () => {
    expect(lineOf({}, { us: 6 }, 'us')).toMatchObject({ old: undefined, new: 6, ratio: undefined, verdict: undefined });
    expect(lineOf({ us: 6 }, {}, 'us')).toMatchObject({ old: 6, new: undefined, ratio: undefined, verdict: undefined });
  });

  test('that was too noisy to be given has no quotient', () => {
    expect(lineOf({ ratio_vs_janus: 0.4 }, { ratio_vs_janus: 'noisy' }, 'ratio_vs_janus')).toMatchObject({
      old: 0.4,
      new: 'noisy',
      ratio: undefined,
    });
  });

  test('of zero has no quotient, which would be infinite', () => {
    expect(lineOf({ lost: 0 }, { lost: 3 }, 'lost')?.ratio).toBeUndefined();
  });

  test('may lie deeper, under a name with dots', () => {
    const scene = (us: number) => ({ grid: { last_held: { us } } });
    expect(lineOf(scene(10), scene(20), 'grid.last_held.us')?.ratio).toBe(2);
  });

  test('what a result depends on, and lists of whole rounds, are no figures', () => {
    const whole = {
      conditions: { peers: 500 },
      target: { us: 3 },
      seconds: 3,
      rounds: [{ system: 'ours', packets: 1, cpuSeconds: 1 }],
    };
    expect(compare(result(whole), result(whole)).lines).toEqual([]);
  });
});

describe('the scatter of rounds', () => {
  test.each([
    { old: [8, 9, 10], later: [11, 12, 13], verdict: 'beyond the scatter' },
    { old: [11, 12, 13], later: [8, 9, 10], verdict: 'beyond the scatter' },
    { old: [8, 9, 12], later: [11, 12, 13], verdict: 'within the scatter' },
    { old: [8, 9, 11], later: [11, 12, 13], verdict: 'within the scatter' },
    { old: [8, 9, 10], later: [11, 12], verdict: 'too few rounds' },
    { old: [8], later: [11, 12, 13], verdict: 'one value' },
  ])('$old, then $later: $verdict', ({ old, later, verdict }) => {
    expect(lineOf({ us: 1, us_rounds: old }, { us: 2, us_rounds: later }, 'us')?.verdict).toBe(verdict);
    expect(lineOf({ times_ms: old }, { times_ms: later }, 'times_ms')?.verdict).toBe(verdict);
  });

  test('a list of numbers is compared by its median', () => {
    expect(lineOf({ times_ms: [1, 2, 90] }, { times_ms: [4, 4, 4] }, 'times_ms')).toMatchObject({
      old: 2,
      new: 4,
      ratio: 2,
    });
  });

  test('the rounds of a figure are no figure of their own', () => {
    const { lines } = compare(result({ us: 1, us_rounds: [1, 1] }), result({ us: 1, us_rounds: [1, 1] }));
    expect(lines.map(({ figure }) => figure)).toEqual(['us']);
  });

  test('a result never differs from itself', () => {
    const figures = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.array(fc.integer(), { minLength: 1 }),
        fc.constant('noisy'),
      ),
    );
    fc.assert(
      fc.property(figures, (each) => {
        const { lines, warnings } = compare(result({ figures: each }), result({ figures: each }));
        expect(warnings).toEqual([]);
        for (const { old, new: later, ratio, verdict } of lines) {
          expect(later).toBe(old);
          expect(ratio ?? 1).toBe(1);
          expect(verdict).not.toBe('beyond the scatter');
        }
      }),
    );
  });
});

describe('what is not the same is said', () => {
  test.each([
    { what: 'the machine', head: { machine: { ...MACHINE, cpu: 'Another' } }, says: 'cpu: A core, then Another' },
    { what: 'the kernel', head: { machine: { ...MACHINE, kernel: '6.18' } }, says: 'kernel: 6.1, then 6.18' },
    { what: 'Node', head: { machine: { ...MACHINE, node: 'v22.1.0' } }, says: 'node: v20.20.2, then v22.1.0' },
    { what: 'a quick run', head: { quick: true }, says: 'quick: false, then true' },
    { what: 'a condition', head: { conditions: { peers: 200 } }, says: 'peers: 500, then 200' },
    {
      what: 'a condition that is new',
      head: { conditions: { peers: 500, tiles: 9 } },
      says: 'tiles: not said, then 9',
    },
    {
      what: 'who else ran',
      head: { load_average: { before: 2.5, after: 3 } },
      says: 'load average before: 0.1, then 2.5',
    },
    { what: 'no commit', head: { commit: 'abc-dirty' }, says: 'abc-dirty: what was measured was never committed' },
    {
      what: 'a doubt',
      head: { date: '2027-01-01', doubts: ['call, janus: the endpoints were busy or late themselves'] },
      says: '2027-01-01: call, janus: the endpoints were busy or late themselves',
    },
  ])('$what', ({ head, says }) => {
    const conditions = { peers: 500 };
    expect(compare(result({}, { conditions }), result({}, { conditions, ...head })).warnings).toEqual([says]);
  });

  test('another commit and another day are what a comparison is for', () => {
    expect(
      compare(result({}), result({}, { commit: 'fedcba987654', date: '2027-01-01T00:00:00.000Z' })).warnings,
    ).toEqual([]);
  });
});

describe('what cannot be compared', () => {
  test('two benches', () => {
    expect(() => compare(result({}), result({}, { bench: 'mls' }))).toThrow('two benches: forwarding and mls');
  });

  test.each(['', '{', 'null', '7', '[]', '{"bench":"mls"}', JSON.stringify({ ...result({}), machine: undefined })])(
    '%j is no result',
    (text) => {
      expect(() => parseResult(text)).toThrow(ResultError);
    },
  );

  test('a result is read as it was written', () => {
    expect(parseResult(JSON.stringify(result({ us: 8 })))).toEqual(result({ us: 8 }));
  });
});
