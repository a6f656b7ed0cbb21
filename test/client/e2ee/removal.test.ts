import { afterEach, describe, expect, test } from 'vitest';
import { passingIdentity } from '../../../src/client/e2ee/identity-store.ts';
import { admissionOf } from '../../crypto/mls/people.ts';
import { Delivery } from './delivery.ts';
import { Person, type PersonOptions } from './person.ts';
import { expectTogether } from './together.ts';

let delivery = new Delivery();
afterEach(() => {
  const { faults } = delivery;
  delivery = new Delivery();
  expect(faults).toEqual([]);
});

/** Ada, who may remove people, Ben, who may not, and Cleo, whose device is known again by its key. */
async function three({ lobby = false } = {}) {
  const device = {
    identity: await passingIdentity(),
    lobby,
    admission: await admissionOf(undefined, undefined, lobby),
  };
  const ada = await enters('ada', { lobby, admission: device.admission });
  const ben = await enters('ben', { lobby, admission: device.admission }, ada);
  const cleo = await enters('cleo', device, ada);
  await delivery.advance(3_500); // who comes next is not one of a crowd
  await moderatedBy(ada, ada, ben, cleo);
  const comesBack = async () => {
    const back = await Person.join(delivery, 'cleo', device);
    await delivery.advance(1_000);
    return back;
  };
  return { people: [ada, ben, cleo], ada, ben, cleo, comesBack };
}

async function enters(name: string, options: PersonOptions, host?: Person): Promise<Person> {
  const person = await Person.join(delivery, name, options);
  await delivery.advance(200);
  if (options.lobby) await host?.admits(person);
  await delivery.advance(300);
  return person;
}

/** The server says who is a moderator. */
async function moderatedBy(moderator: Person, ...people: readonly Person[]): Promise<void> {
  for (const { engine } of people) await engine.moderatorsAre(new Set([moderator.id]));
}

describe('a removal', () => {
  test('S9: is heard by all as the moderator’s, and what is sealed next opens for the removed no more', async () => {
    const { ada, ben, cleo, people } = await three();
    const opens = async (frame: ArrayBuffer | undefined) =>
      frame && (await cleo.keys.opensWithAny(new Uint8Array(frame), 'opus'));
    expect(await opens(await ben.seal('before'))).toBe(true);
    await ada.removes(cleo);
    await delivery.advance(300);
    await expectTogether(delivery, [ada, ben]);
    for (const { heard } of people) expect(heard).toEqual(['ada removed cleo']);
    for (const sender of [ada, ben]) expect(await opens(await sender.seal('after'))).toBe(false);
  });

  test.each([
    ['without a lobby', false],
    ['with a lobby, though it was admitted before', true],
  ])('bars the device from coming back under another member id, %s', async (_what, lobby) => {
    const { ada, ben, cleo, comesBack } = await three({ lobby });
    await ada.removes(cleo);
    await delivery.advance(300);
    const back = await comesBack();
    expect(back.security.admittance).toEqual({ kind: 'refused', reason: 'denied' });
    expect([...ada.security.knockers, ...ben.security.knockers]).toEqual([]);
    await expectTogether(delivery, [ada, ben]);
  });

  test('bars a device, not a person: another one comes in', async () => {
    const { ada, ben, cleo } = await three();
    await ada.removes(cleo);
    await delivery.advance(300);
    const other = await Person.join(delivery, 'cleo');
    await delivery.advance(1_000);
    await expectTogether(delivery, [ada, ben, other]);
  });

  test('is said again to newcomers, who then add the device no more than the others', async () => {
    const { ada, ben, cleo, comesBack } = await three();
    await ada.removes(cleo);
    await delivery.advance(3_500);
    const dan = await Person.join(delivery, 'dan');
    await moderatedBy(ada, dan);
    await delivery.advance(3_500);
    expect(dan.heard).toEqual([]); // it was before his time
    const refused: unknown[] = [];
    delivery.hostility = {
      tell: (to, fact) => (fact.case === 'commitWanted' && to !== dan.id ? [] : [fact]), // nobody else is asked
      hear(from, body) {
        if (from === dan.id && body.case === 'commit') refused.push(...body.value.refusedAdds);
        return 'pass';
      },
    };
    const back = await comesBack();
    await delivery.advance(6_000);
    expect(refused).toContainEqual({ memberId: back.id, reason: 'denied' });
    delivery.hostility = {};
    await delivery.advance(1_000);
    await expectTogether(delivery, [ada, ben, dan]);
  });

  test('of who has just left by themselves bars them all the same', async () => {
    const { ada, ben, cleo, comesBack } = await three();
    delivery.hostility = {
      hear(_from, body) {
        if (body.case !== 'removePeer') return 'pass';
        delivery.leave(cleo);
        return 'not-found';
      },
    };
    await ada.removes(cleo);
    await delivery.advance(300);
    expect((await comesBack()).admittance).toBe('refused');
    await expectTogether(delivery, [ada, ben]);
  });
});

describe('a removal that is none', () => {
  test('S7: a member without the right who says it bars nobody, and nobody is told of it', async () => {
    const { ada, ben, cleo, comesBack } = await three();
    delivery.hostility = { hear: (_from, body) => (body.case === 'removePeer' ? 'forbidden' : 'pass') };
    await expect(ben.removes(cleo)).rejects.toMatchObject({ code: 'forbidden' });
    await delivery.advance(300);
    await expectTogether(delivery, [ada, ben, cleo]);
    delivery.leave(cleo);
    await delivery.advance(500);
    const back = await comesBack();
    for (const { heard } of [ada, ben, cleo, back]) expect(heard).toEqual([]);
    await expectTogether(delivery, [ada, ben, back]);
  });

  test('a server that takes somebody out alone cannot say that a member did, nor bar the device', async () => {
    const { ada, ben, cleo, comesBack } = await three();
    delivery.leave(cleo);
    await delivery.advance(500);
    for (const { heard } of [ada, ben]) expect(heard).toEqual([]);
    await expectTogether(delivery, [ada, ben, await comesBack()]);
  });

  test('a server that keeps the moderator’s word to itself: the moderator still adds the device no more', async () => {
    const { ada, ben, cleo, comesBack } = await three();
    delivery.hostility = { tell: (_to, fact) => (fact.case === 'sealed' ? [] : [fact]) };
    await ada.removes(cleo);
    await delivery.advance(300);
    delivery.hostility = { tell: (to, fact) => (fact.case === 'commitWanted' && to !== ada.id ? [] : [fact]) };
    await comesBack();
    expect([ada, ben].map(({ sees }) => sees)).toEqual([
      ['ada', 'ben'],
      ['ada', 'ben'],
    ]);
  });
});

test('an ask to mute is heard by who is asked, and by nobody else', async () => {
  const { ada, ben, cleo } = await three();
  await ben.engine.say({ case: 'muteAsk', value: { memberId: cleo.id } });
  await delivery.flow();
  expect([ada, ben, cleo].map(({ heard }) => heard)).toEqual([[], [], ['ben asks to mute']]);
});
