import { expect, test } from 'vitest';
import { Facts } from '../../src/base/index.ts';

interface DoorFacts {
  opened: [by: string];
  closed: [];
}

test('tells a fact to everyone who listens for it, in the order they came', () => {
  const facts = new Facts<DoorFacts>();
  const heard: string[] = [];
  facts.on('opened', (by) => heard.push(`first: ${by}`));
  facts.on('opened', (by) => heard.push(`second: ${by}`));
  facts.on('closed', () => heard.push('closed'));
  facts.tell('opened', 'Ada');
  expect(heard).toEqual(['first: Ada', 'second: Ada']);
});

test('who stopped listening hears no more', () => {
  const facts = new Facts<DoorFacts>();
  let heard = 0;
  const stop = facts.on('closed', () => {
    heard += 1;
  });
  facts.tell('closed');
  stop();
  facts.tell('closed');
  expect(heard).toBe(1);
});
