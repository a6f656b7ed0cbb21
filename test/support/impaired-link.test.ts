import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Conditions, ImpairedLink, PERFECT } from './impaired-link.ts';

const POOR: Conditions = { loss: 0.05, delayMs: 20, jitterMs: 30, reordered: 0.02, duplicated: 0.01 };

/** Pushes one datagram a millisecond and takes every millisecond; the answer is what arrives, and when. */
function run(link: ImpairedLink<number>, count: number) {
  const arrived: { datagram: number; atMs: number }[] = [];
  for (let nowMs = 0; nowMs < count || link.nextMs !== undefined; nowMs += 1) {
    if (nowMs < count) link.push(nowMs, nowMs);
    for (const datagram of link.take(nowMs)) arrived.push({ datagram, atMs: nowMs });
  }
  return arrived;
}

const shares = fc.double({ min: 0, max: 0.5, noNaN: true });
const conditions = fc.record<Conditions>({
  loss: shares,
  delayMs: fc.integer({ min: 0, max: 100 }),
  jitterMs: fc.integer({ min: 0, max: 50 }),
  reordered: shares,
  duplicated: shares,
});

describe('a poor line', () => {
  test('accounts for every datagram', () => {
    fc.assert(
      fc.property(conditions, fc.nat(), (poor, seed) => {
        const link = new ImpairedLink<number>(poor, seed);
        const arrived = run(link, 300);
        const { came, lost, duplicated, passed } = link.counts;
        expect(came).toBe(300);
        expect(passed).toBe(came - lost + duplicated);
        expect(arrived).toHaveLength(passed);
        expect(new Set(arrived.map(({ datagram }) => datagram)).size).toBe(came - lost);
      }),
    );
  });

  test('keeps the order unless it is to break it, and every wait within its bounds', () => {
    fc.assert(
      fc.property(conditions, fc.nat(), (poor, seed) => {
        const arrived = run(new ImpairedLink<number>({ ...poor, reordered: 0 }, seed), 300);
        const order = arrived.map(({ datagram }) => datagram);
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        for (const { datagram, atMs } of arrived) {
          expect(atMs - datagram).toBeGreaterThanOrEqual(poor.delayMs);
          expect(atMs - datagram).toBeLessThanOrEqual(poor.delayMs + poor.jitterMs + 1);
        }
      }),
    );
  });

  test('the same seed makes the same choices, another one others', () => {
    const with_ = (seed: number) => run(new ImpairedLink<number>(POOR, seed), 1_000);
    expect(with_(7)).toEqual(with_(7));
    expect(with_(7)).not.toEqual(with_(8));
  });

  test('loses, repeats and reorders as many as it is told', () => {
    const link = new ImpairedLink<number>(POOR, 3);
    const arrived = run(link, 100_000);
    const { came, lost, duplicated, reordered } = link.counts;
    // Six standard deviations.
    const within = (count: number, share: number) => Math.abs(count - share * came) < 6 * Math.sqrt(share * came);
    expect(within(lost, POOR.loss)).toBe(true);
    expect(within(reordered, POOR.reordered * (1 - POOR.loss))).toBe(true);
    expect(within(duplicated, POOR.duplicated * (1 - POOR.loss))).toBe(true);
    const overtaken = arrived.filter(({ datagram }, index) => datagram < (arrived[index - 1]?.datagram ?? 0));
    expect(overtaken.length).toBeGreaterThan(reordered / 2);
  });

  test('a perfect line changes nothing', () => {
    expect(run(new ImpairedLink<number>(PERFECT, 1), 100)).toEqual(
      Array.from({ length: 100 }, (_, index) => ({ datagram: index, atMs: index })),
    );
  });

  test('of limited rate lets one after the other through, keeps 200 ms of them waiting, and loses the rest', () => {
    const link = new ImpairedLink<number>({ ...PERFECT, delayMs: 5, rateBps: 800_000 }, 1);
    for (let datagram = 0; datagram < 100; datagram += 1) link.push(datagram, 0, 1_000); // 10 ms each
    expect(link.take(14)).toEqual([]);
    expect(link.take(15)).toEqual([0]);
    expect(link.take(35)).toEqual([1, 2]);
    expect(link.take(1_000)).toEqual(Array.from({ length: 18 }, (_, at) => at + 3));
    expect(link.counts).toMatchObject({ came: 100, lost: 79, passed: 21 });
    link.push(100, 1_000, 1_000);
    expect(link.take(1_015)).toEqual([100]);
  });

  test('while it is dark nothing passes, and what waited then is lost', () => {
    const link = new ImpairedLink<number>({ ...PERFECT, delayMs: 10 }, 1);
    link.push(1, 0);
    link.isDark = true;
    link.push(2, 5);
    expect(link.take(100)).toEqual([]);
    link.isDark = false;
    link.push(3, 100);
    expect(link.take(110)).toEqual([3]);
    expect(link.counts).toMatchObject({ came: 3, blackedOut: 2, passed: 1 });
  });
});
