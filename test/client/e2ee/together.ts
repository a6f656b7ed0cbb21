import { expect } from 'vitest';
import type { Delivery } from './delivery.ts';
import type { Person } from './person.ts';

/** All are inside, in one epoch with one authenticator, see each other and nobody else, and open each other's frames. */
export async function expectTogether(delivery: Delivery, people: readonly Person[]): Promise<void> {
  await delivery.flow();
  expect(people.map(({ admittance }) => admittance)).toEqual(people.map(() => 'inside'));
  expect(new Set(people.map(({ place }) => place)).size).toBe(1);
  const names = people.map(({ name }) => name).sort();
  for (const { sees } of people) expect(sees).toEqual(names);
  for (const from of people) {
    const frame = await from.seal(`from ${from.name}`);
    for (const to of people)
      if (to !== from) expect(frame && (await to.open(from.id, frame))).toBe(`from ${from.name}`);
  }
}
