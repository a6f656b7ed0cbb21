import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REPLAY_WINDOW, ReplayWindow } from '../../../src/crypto/sframe/replay-window.ts';

const SIZE = BigInt(REPLAY_WINDOW);

/** The same said with a set that never forgets. */
class NaiveWindow {
  readonly #accepted = new Set<bigint>();
  #highest = -1n;

  accept(counter: bigint): boolean {
    if (this.#accepted.has(counter) || counter <= this.#highest - SIZE) return false;
    this.#accepted.add(counter);
    if (counter > this.#highest) this.#highest = counter;
    return true;
  }
}

/** Steps around the edges: next, a little back, one window back, and leaps over more than a window. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: -8n, max: 8n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: -SIZE - 2n, max: -SIZE + 2n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: SIZE - 2n, max: SIZE + 2n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: -2n * SIZE, max: 3n * SIZE }) },
);
const start = fc.constantFrom(0n, 5n, SIZE, 2n ** 32n, 2n ** 63n, 2n ** 64n - 4n * SIZE);

describe('replay window', () => {
  test('agrees with a set that remembers everything, over any walk', () => {
    fc.assert(
      fc.property(start, fc.array(step, { minLength: 1, maxLength: 400 }), (from, steps) => {
        const [window, naive] = [new ReplayWindow(), new NaiveWindow()];
        let highest = from;
        for (const each of steps) {
          const counter = BigInt.asUintN(64, highest + each < 0n ? 0n : highest + each);
          const fresh = window.isFresh(counter);
          const accepted = naive.accept(counter);
          expect([fresh, window.accept(counter)]).toEqual([accepted, accepted]);
          if (counter > highest) highest = counter;
        }
      }),
      { numRuns: 300 },
    );
  });

  test('asking changes nothing', () => {
    const window = new ReplayWindow();
    expect([window.isFresh(9n), window.isFresh(9n), window.accept(9n), window.isFresh(9n)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test('every counter of the window may come late, once', () => {
    const window = new ReplayWindow();
    window.accept(SIZE);
    for (let counter = SIZE - 1n; counter > 0n; counter -= 1n) expect(window.accept(counter)).toBe(true);
    for (let counter = 0n; counter <= SIZE; counter += 1n) expect(window.accept(counter)).toBe(false);
  });

  test('the last counter of 64 bits is one like others', () => {
    const window = new ReplayWindow();
    expect(window.accept(2n ** 64n - 1n)).toBe(true);
    expect(window.accept(2n ** 64n - 1n)).toBe(false);
    expect(window.accept(2n ** 64n - SIZE)).toBe(true);
    expect(window.accept(2n ** 64n - SIZE - 1n)).toBe(false);
  });
});
