import { afterEach, expect, test } from 'vitest';
import { Delivery } from './delivery.ts';
import { call, Person } from './person.ts';
import { expectTogether } from './together.ts';

const SOURCES = ['microphone', 'camera', 'screen', 'screen-audio'] as const;

let delivery = new Delivery();
afterEach(() => {
  const { faults } = delivery;
  delivery = new Delivery();
  expect(faults).toEqual([]);
});

async function framesOf(people: readonly Person[]): Promise<{ readonly from: Person; readonly frame: ArrayBuffer }[]> {
  const frames = [];
  for (const from of people) {
    for (const source of SOURCES) {
      const frame = await from.seal(`${from.name} ${source}`, source);
      if (frame) frames.push({ from, frame });
    }
  }
  return frames;
}

/** What a person can open of them, with the client as it is and with every key that it ever had. */
async function openedBy(person: Person, frames: Awaited<ReturnType<typeof framesOf>>): Promise<number> {
  let opened = 0;
  for (const { from, frame } of frames) {
    for (const source of SOURCES)
      if ((await person.open(from.id, frame, source)).startsWith(`${from.name} `)) opened += 1;
    if (await person.keys.opensWithAny(new Uint8Array(frame), 'opus')) opened += 1;
  }
  return opened;
}

test('S9: a removed member that keeps everything and hears everything opens nothing after the switch', async () => {
  const [ada, ben, cleo] = (await call(delivery, 'ada', 'ben', 'cleo')) as [Person, Person, Person];
  const before = await framesOf([ada, ben]);
  expect(await openedBy(cleo, before)).toBe(2 * before.length);
  delivery.leave(cleo);
  delivery.spies.add(cleo);
  const heard = cleo.heard.length;
  await delivery.advance(200);
  for (let round = 0; round < 3; round += 1) {
    const frames = await framesOf([ada, ben]);
    expect([frames.length, await openedBy(cleo, frames)]).toEqual([8, 0]);
    await ada.engine.say({ case: 'chat', value: { text: 'are we alone?' } });
    await Person.join(delivery, `m${round}`);
    await delivery.advance(1_000);
  }
  expect([cleo.heard.length, cleo.admittance, await cleo.seal()]).toEqual([heard, 'outside', undefined]);
});

test('S9: the switch is in the moment of the removal, without waiting for anybody', async () => {
  const [ada, ben, cleo] = (await call(delivery, 'ada', 'ben', 'cleo')) as [Person, Person, Person];
  delivery.hostility = { tell: (to, fact) => (to === ben.id && fact.case === 'commitAccepted' ? [] : [fact]) };
  delivery.leave(cleo);
  await delivery.advance(125);
  const frames = await framesOf([ada]);
  expect([frames.length, await openedBy(cleo, frames)]).toEqual([4, 0]);
});

test('an epoch that only adds waits for all, and for 1.5 s at most', async () => {
  const [ada, ben] = (await call(delivery, 'ada', 'ben')) as [Person, Person];
  const late = ben.id;
  delivery.hostility = { tell: (to, fact) => (to === late && fact.case === 'commitAccepted' ? [] : [fact]) };
  await Person.join(delivery, 'cleo');
  await delivery.advance(200);
  const early = await ada.seal('still the old key');
  expect(early && (await ben.open(ada.id, early))).toBe('still the old key');
  await delivery.advance(1_500);
  const next = await ada.seal('the new one');
  expect(next && (await ben.open(ada.id, next))).toBe('no-key');
});

test('S10: a newcomer opens nothing from before', async () => {
  const people = (await call(delivery, 'ada', 'ben')) as [Person, Person];
  const before = await framesOf(people);
  const cleo = await Person.join(delivery, 'cleo');
  await delivery.advance(500);
  expect(await openedBy(cleo, before)).toBe(0);
  await expectTogether(delivery, [...people, cleo]);
});

test('S11: who copied all keys of an epoch is out as soon as the next one begins; everybody refreshes within 5 min', async () => {
  const people = (await call(delivery, 'ada', 'ben', 'cleo')) as [Person, Person, Person];
  const stolen = [...people[0].keys.epochs];
  await delivery.advance(5 * 60_000 + 15_000, 250);
  expect(delivery.counts.mlsCommits).toBeGreaterThanOrEqual(2 + people.length);
  people[0].keys.epochs.splice(0, Number.POSITIVE_INFINITY, ...stolen);
  for (const { frame } of await framesOf(people))
    expect(await people[0].keys.opensWithAny(new Uint8Array(frame), 'opus')).toBe(false);
  await expectTogether(delivery, people);
});
