import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  interleaved,
  isNoisy,
  median,
  packetsPerCpuSecond,
  pairedRatios,
  type Round,
  ratio,
  roundsOf,
  usPerPacket,
} from '../../bench/rounds.ts';

const round = (packets: number, cpuSeconds: number, system = 'ours'): Round => ({ system, packets, cpuSeconds });

/** Rounds of 1,000 packets that cost so many microseconds each. */
const costing = (...us: readonly number[]) => us.map((each) => round(1_000, each / 1_000));

describe('a round', () => {
  test.each([
    { packets: 1_000_000, cpuSeconds: 4, us: 4, perSecond: 250_000 },
    { packets: 500, cpuSeconds: 0.01, us: 20, perSecond: 50_000 },
    { packets: 3, cpuSeconds: 6, us: 2_000_000, perSecond: 0.5 },
  ])('of $packets packets in $cpuSeconds s of CPU', ({ packets, cpuSeconds, us, perSecond }) => {
    expect(usPerPacket(round(packets, cpuSeconds))).toBeCloseTo(us, 9);
    expect(packetsPerCpuSecond(round(packets, cpuSeconds))).toBeCloseTo(perSecond, 9);
  });
});

describe('median', () => {
  test.each([
    { values: [3, 1, 2], middle: 2 },
    { values: [4, 1, 3, 2], middle: 2.5 },
    { values: [10, 9], middle: 9.5 },
    { values: [7], middle: 7 },
    { values: [], middle: Number.NaN },
  ])('of $values is $middle', ({ values, middle }) => {
    expect(median(values)).toBe(middle);
  });
});

describe('noise', () => {
  test.each([
    { us: [10, 20], noisy: false, why: 'twice is the limit' },
    { us: [10, 20.1], noisy: true, why: 'more than twice' },
    { us: [10, 11, 12, 40, 11, 10], noisy: true, why: 'one bad round is enough' },
    { us: [10], noisy: false, why: 'one round differs from none' },
    { us: [], noisy: true, why: 'no round is no figure' },
    { us: [0, 0], noisy: true, why: 'no CPU time was read' },
  ])('$us: $why', ({ us, noisy }) => {
    expect(isNoisy(costing(...us))).toBe(noisy);
  });

  test('a round that delivered nothing', () => {
    expect(isNoisy([round(0, 1), round(0, 1)])).toBe(true);
    expect(isNoisy([round(0, 0)])).toBe(true);
  });
});

describe('ratio', () => {
  test('is that of the medians, and one slow round does not move it', () => {
    expect(ratio(costing(8, 8, 8, 15, 8, 8), costing(20, 20, 20, 20, 20, 38))).toBeCloseTo(0.4, 9);
  });

  test('counts packets and not rounds: who delivered more in the same time is cheaper', () => {
    expect(ratio([round(2_000, 1)], [round(1_000, 1)])).toBeCloseTo(0.5, 9);
  });

  test('is not given when one side is noisy', () => {
    expect(ratio(costing(10, 10, 21), costing(10, 10, 10))).toBe('noisy');
    expect(ratio(costing(10, 10, 10), costing(10, 10, 21))).toBe('noisy');
    expect(ratio([], costing(10))).toBe('noisy');
  });

  test('pairs rounds that ran side by side', () => {
    expect(pairedRatios(costing(5, 10, 30), costing(10, 10, 20)).map((each) => Number(each.toFixed(9)))).toEqual([
      0.5, 1, 1.5,
    ]);
    expect(pairedRatios(costing(5, 10), costing(10))).toEqual([0.5]);
  });
});

describe('whatever was measured', () => {
  const rounds = fc.array(
    fc.record({
      system: fc.constant('ours'),
      packets: fc.integer({ min: 1, max: 1e9 }),
      cpuSeconds: fc.double({ min: 1e-6, max: 1e4, noNaN: true }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const calm = rounds.filter((each) => !isNoisy(each));
  const scaled = (all: readonly Round[], times: number) =>
    all.map((each) => ({ ...each, cpuSeconds: each.cpuSeconds * times }));
  const numberOf = (figure: number | 'noisy') => (figure === 'noisy' ? Number.NaN : figure);

  test('against itself the ratio is 1', () => {
    fc.assert(fc.property(calm, (all) => Math.abs(numberOf(ratio(all, all)) - 1) < 1e-9));
  });

  test('the other way round it is the inverse', () => {
    fc.assert(fc.property(calm, calm, (a, b) => Math.abs(numberOf(ratio(a, b)) * numberOf(ratio(b, a)) - 1) < 1e-9));
  });

  test('a system that needs k times the CPU has k times the ratio, and is no noisier', () => {
    fc.assert(
      fc.property(calm, calm, fc.integer({ min: 2, max: 1_000 }), (a, b, k) => {
        const grown = numberOf(ratio(scaled(a, k), b)) / numberOf(ratio(a, b));
        return Math.abs(grown / k - 1) < 1e-6;
      }),
    );
  });

  test('the order of rounds says nothing, and what is within one half and twice is never noisy', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 1.999, noNaN: true }), { minLength: 1 }), (factors) => {
        const all = factors.map((factor) => round(1_000, factor));
        return !isNoisy(all) && isNoisy(all) === isNoisy(all.toReversed());
      }),
    );
  });

  test('one round out of line makes any run noisy', () => {
    fc.assert(
      fc.property(rounds, fc.nat(), (all, at) => {
        const [first] = all;
        if (!first) return;
        const spoilt = all.toSpliced(at % (all.length + 1), 0, { ...first, cpuSeconds: first.cpuSeconds * 2.01 });
        expect(isNoisy(spoilt)).toBe(true);
      }),
    );
  });
});

describe('interleaved', () => {
  test('two systems take turns, and who begins changes', () => {
    expect(interleaved(['A', 'B'], 4).join(' ')).toBe('A B B A A B B A');
    expect(interleaved(['A', 'B', 'C'], 2).join(' ')).toBe('A B C C B A');
    expect(interleaved(['A', 'B'], 0)).toEqual([]);
  });

  test('rounds of one system are found again, in their order', () => {
    const all = interleaved(['A', 'B'], 3).map((system, at) => round(at + 1, 1, system));
    expect(roundsOf(all, 'B').map(({ packets }) => packets)).toEqual([2, 3, 6]);
  });
});
