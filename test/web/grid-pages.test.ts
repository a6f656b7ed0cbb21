import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gridPage, PAGE_PEOPLE } from '../../web/grid-pages.ts';

const people = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('the pages of a grid', () => {
  test.each<[number, number, number, number, number]>([
    [0, 0, 0, 1, 0],
    [24, 0, 0, 1, 24],
    [24, 1, 0, 1, 24],
    [25, 0, 0, 2, 24],
    [25, 1, 1, 2, 1],
    [60, 9, 2, 3, 12],
    [60, -1, 0, 3, 24],
  ])('of %i people, page %i: page %i of %i, with %i of them', (everybody, wanted, index, count, shown) => {
    const page = gridPage(people(everybody), wanted);
    expect([page.index, page.count, page.people.length]).toEqual([index, count, shown]);
  });

  test('show everybody once, and have beside them who is one page away', () => {
    fc.assert(
      fc.property(fc.nat(300), (count) => {
        const everybody = people(count);
        const pages = Array.from({ length: gridPage(everybody, 0).count }, (_, index) => gridPage(everybody, index));
        expect(pages.flatMap((page) => page.people)).toEqual(everybody);
        for (const { index, beside } of pages) {
          expect(beside).toEqual([...(pages[index - 1]?.people ?? []), ...(pages[index + 1]?.people ?? [])]);
          expect(beside.length).toBeLessThanOrEqual(2 * PAGE_PEOPLE);
        }
      }),
    );
  });
});
