import { afterEach, expect, test } from 'vitest';
import { Delivery } from './delivery.ts';
import { Person } from './person.ts';

let delivery = new Delivery();
afterEach(() => {
  const { faults } = delivery;
  delivery = new Delivery();
  expect(faults).toEqual([]);
});

async function enters(name: string, user: string): Promise<Person> {
  const person = await Person.join(delivery, name, { user });
  await delivery.advance(3_500); // who comes next is not one of a crowd
  return person;
}

test('who moves the call is heard on all other devices of the same person, and on nobody else’s', async () => {
  const phone = await enters('phone', 'ada');
  const tablet = await enters('tablet', 'ada');
  const ben = await enters('ben', 'ben');
  const laptop = await enters('laptop', 'ada');
  await laptop.engine.say({ case: 'moveHere', value: {} });
  await delivery.flow();
  const moved = ['moved to laptop'];
  expect([phone, tablet, ben, laptop].map(({ heard }) => heard)).toEqual([moved, moved, [], []]);
});

test('S5: nobody can move the call of another user, whatever they call themselves', async () => {
  const ada = await enters('ada', 'ada');
  const mallory = await enters('ada', 'mallory');
  await mallory.engine.say({ case: 'moveHere', value: {} });
  await delivery.flow();
  expect([ada.heard, mallory.heard]).toEqual([[], []]);
});
