import { describe, expect, test } from 'vitest';
import { Lanes } from '../../src/base/index.ts';
import { settled } from '../support/settled.ts';

/** Jobs that end when the test says. */
function jobs(count: number) {
  const begun: number[] = [];
  const ends: { readonly resolve: (value: number) => void; readonly reject: (error: Error) => void }[] = [];
  const list = Array.from({ length: count }, (_, index) => () => {
    begun.push(index);
    return new Promise<number>((resolve, reject) => {
      ends[index] = { resolve, reject };
    });
  });
  return { begun, ends, list };
}

describe('lanes', () => {
  test('run so many at once, and the others in their order', async () => {
    const lanes = new Lanes(2);
    const { begun, ends, list } = jobs(4);
    const outcomes = list.map((job) => lanes.run(job));
    await settled();
    expect(begun).toEqual([0, 1]);
    ends[1]?.resolve(11);
    expect(await outcomes[1]).toBe(11);
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.resolve(10);
    await outcomes[0];
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  test('are given back by a job that fails, whose caller has the error', async () => {
    const lanes = new Lanes(1);
    const { begun, ends, list } = jobs(2);
    const [first, second] = list.map((job) => lanes.run(job));
    await settled();
    ends[0]?.reject(new Error('broke'));
    await expect(first).rejects.toThrow('broke');
    await settled();
    ends[1]?.resolve(1);
    expect(await second).toBe(1);
    expect(begun).toEqual([0, 1]);
  });

  test('are free again when all have ended', async () => {
    const lanes = new Lanes(2);
    for (let round = 0; round < 3; round += 1) {
      const { begun, ends, list } = jobs(2);
      const outcomes = list.map((job) => lanes.run(job));
      await settled();
      expect(begun).toEqual([0, 1]);
      for (const { resolve } of ends) resolve(0);
      await Promise.all(outcomes);
    }
  });
});
