import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Knocker } from '../../../src/client/e2ee/group-listener.ts';
import { passingIdentity } from '../../../src/client/e2ee/identity-store.ts';
import type { MlsFact } from '../../../src/client/e2ee/mls-fact.ts';
import type { Compared } from '../../../src/client/e2ee/shown-codes.ts';
import { admissionOf, hex } from '../../crypto/mls/people.ts';
import { until } from '../../support/until.ts';
import { Delivery } from './delivery.ts';
import { call, Person } from './person.ts';
import { expectTogether } from './together.ts';

const KEY_PACKAGE_WANTED: MlsFact = { case: 'keyPackageWanted', value: {} };

let delivery = new Delivery();
afterEach(() => {
  const { faults } = delivery;
  delivery = new Delivery();
  expect(faults).toEqual([]);
});

describe('coming and going', () => {
  test('the first founds the group, the others are added to it; names are those in the leaves', async () => {
    await expectTogether(delivery, await call(delivery, 'ada', 'ben', 'cleo'));
  });

  test('many who come at once are added by one commit', async () => {
    const [ada] = await call(delivery, 'ada');
    const names = Array.from({ length: 12 }, (_, index) => `m${index}`);
    const crowd = await Promise.all(names.map((name) => Person.join(delivery, name)));
    await delivery.advance(200);
    expect(delivery.counts.mlsCommits).toBe(1);
    await expectTogether(delivery, [ada as Person, ...crowd]);
  });

  test('who leaves is removed, and the next one comes in', async () => {
    const [ada, ben, cleo] = await call(delivery, 'ada', 'ben', 'cleo');
    delivery.leave(ada as Person);
    const dan = await Person.join(delivery, 'dan');
    await delivery.advance(300);
    await expectTogether(delivery, [ben, cleo, dan] as Person[]);
  });

  test('a reload is a new leaf beside a removed one, in one commit, under the same device', async () => {
    const [ada, ben] = await call(delivery, 'ada', 'ben');
    const identity = await passingIdentity();
    const before = await Person.join(delivery, 'cleo', { identity });
    await delivery.advance(200);
    const { mlsCommits } = delivery.counts;
    delivery.leave(before);
    const again = await Person.join(delivery, 'cleo', { identity });
    await delivery.advance(200);
    expect(delivery.counts.mlsCommits).toBe(mlsCommits + 1);
    await expectTogether(delivery, [ada, ben, again] as Person[]);
  });

  test('who has lost its keys comes in again under the same member id', async () => {
    const people = await call(delivery, 'ada', 'ben', 'cleo');
    delivery.tell(people[1] as Person, KEY_PACKAGE_WANTED);
    await delivery.flow();
    expect(people[1]?.admittance).toBe('asking');
    await delivery.advance(200);
    await expectTogether(delivery, people);
    await delivery.advance(11_000);
    expect(people.map(({ security }) => security.verdict.kind)).toEqual(['agreed', 'agreed', 'agreed']);
  });

  test('who missed a commit offers again when the next one comes', async () => {
    const people = await call(delivery, 'ada', 'ben', 'cleo');
    const missing = people[2] as Person;
    delivery.hostility = { tell: (to, fact) => (to === missing.id && fact.case === 'commitAccepted' ? [] : [fact]) };
    people.push(await Person.join(delivery, 'dan'));
    await delivery.advance(200);
    delivery.hostility = {};
    people.push(await Person.join(delivery, 'eve'));
    await delivery.advance(500);
    await expectTogether(delivery, people);
  });

  test('who holds another link is refused, by every member', async () => {
    const people = await call(delivery, 'ada', 'ben');
    const stranger = await Person.join(delivery, 'mallory', { admission: await admissionOf(new Uint8Array(32)) });
    await delivery.advance(300);
    expect(stranger.security.admittance).toEqual({ kind: 'refused', reason: 'no-proof' });
    expect(await stranger.seal()).toBeUndefined();
    await expectTogether(delivery, people);
  });

  test('a welcome that leads nowhere is answered by another offer, three times at most', async () => {
    const people = await call(delivery, 'ada', 'ben');
    delivery.hostility = {
      tell: (_, fact) =>
        fact.case === 'welcomed'
          ? [{ case: 'welcomed', value: { ...fact.value, welcome: new Uint8Array(9) } }]
          : [fact],
    };
    const cleo = await Person.join(delivery, 'cleo');
    await delivery.advance(1_000);
    expect(cleo.security.admittance).toEqual({ kind: 'refused', reason: 'cannot-enter' });
    delivery.leave(cleo);
    await delivery.advance(200);
    await expectTogether(delivery, people);
  });

  test('an offer that comes too soon after others is made again after 5 s, with a key package of its own', async () => {
    const people = await call(delivery, 'ada', 'ben');
    const offered: string[] = [];
    delivery.hostility = {
      hear(_, body) {
        if (body.case !== 'offerKeyPackage') return 'pass';
        offered.push(hex(body.value.keyPackage));
        return offered.length <= 2 ? 'rate-limited' : 'pass';
      },
    };
    const cleo = await Person.join(delivery, 'cleo');
    await delivery.advance(9_900);
    expect([cleo.admittance, offered.length]).toEqual(['asking', 2]);
    await delivery.advance(400);
    expect(new Set(offered).size).toBe(3);
    await expectTogether(delivery, [...people, cleo]);
  });

  test('it is not made again when another one has been made meanwhile, and not after a close', async () => {
    await call(delivery, 'ada');
    let offers = 0;
    delivery.hostility = {
      hear(_, body) {
        if (body.case !== 'offerKeyPackage') return 'pass';
        offers += 1;
        return offers === 2 ? 'done' : 'rate-limited';
      },
    };
    const ben = await Person.join(delivery, 'ben');
    await delivery.flow();
    delivery.tell(ben, KEY_PACKAGE_WANTED);
    await delivery.advance(6_000);
    expect([ben.admittance, offers]).toEqual(['asking', 2]);
    delivery.tell(ben, KEY_PACKAGE_WANTED);
    await delivery.flow();
    ben.engine.close();
    await delivery.advance(6_000);
    expect(offers).toBe(3);
  });

  test('nothing is told and nothing is sent after a close, wherever it was', async () => {
    const [ada, ben] = await call(delivery, 'ada', 'ben');
    delivery.tell(ada as Person, KEY_PACKAGE_WANTED);
    delivery.tell(ada as Person, { case: 'epochReady', value: { epoch: 9 } });
    const entering = await Person.join(delivery, 'cleo');
    for (const closing of [ada, entering] as Person[]) closing.engine.close();
    const told = ada?.security;
    await delivery.advance(200);
    expect(ada?.security).toBe(told);
    expect([await ada?.seal(), await entering.seal()]).toEqual([undefined, undefined]);
    for (const gone of [ada, entering] as Person[]) delivery.leave(gone);
    await delivery.advance(8_000);
    await expectTogether(delivery, [ben as Person]);
  });
});

describe('a committer', () => {
  test('that never answers is passed over', async () => {
    const people = await call(delivery, 'ada', 'ben', 'cleo');
    delivery.hostility = { tell: (to, fact) => (fact.case === 'commitWanted' && to === people[0]?.id ? [] : [fact]) };
    people.push(await Person.join(delivery, 'dan'));
    await delivery.advance(2_000);
    expect(delivery.counts.mlsCommitTimeouts).toBe(1);
    await expectTogether(delivery, people);
  });

  test.each([
    ['before it is asked', 'commitWanted'],
    ['with its commit on the way', 'lost'],
    ['when its commit has arrived', 'unanswered'],
    ['before it says that it is in its own epoch', 'done'],
  ] as const)('that dies %s is passed over, and nobody else notices', async (_, when) => {
    const people = await call(delivery, 'ada', 'ben', 'cleo', 'dan');
    const dying = people.shift() as Person;
    let died = false;
    delivery.hostility = {
      tell: (to, fact) => (when === 'commitWanted' && fact.case === when && to === dying.id ? [] : [fact]),
      hear: (from, body) => {
        const last = when === 'done' ? 'epochReached' : 'commit';
        if (from !== dying.id || body.case !== last || when === 'commitWanted') return 'pass';
        died = true;
        return when;
      },
    };
    people.push(await Person.join(delivery, 'eve'));
    await delivery.advance(150);
    expect(died).toBe(when !== 'commitWanted');
    delivery.leave(dying);
    await delivery.advance(4_000);
    await expectTogether(delivery, people);
  });

  test('whose refresh comes too late drops it, and commits what is wanted', async () => {
    const people = await call(delivery, 'ada', 'ben');
    const [ada] = people as [Person];
    let first = true;
    delivery.hostility = {
      hear(_, body) {
        if (body.case !== 'commit' || !first) return 'pass';
        first = false;
        return 'stale-epoch';
      },
    };
    delivery.tell(ada, refreshWanted(ada));
    people.push(await Person.join(delivery, 'cleo'));
    await delivery.advance(200);
    expect(first).toBe(false);
    await expectTogether(delivery, people);
  });
});

describe('the lobby', () => {
  test('lets in whom a member admits, and nobody else', async () => {
    const ada = await Person.join(delivery, 'ada', { lobby: true });
    await delivery.advance(200);
    const [ben, cleo] = [
      await Person.join(delivery, 'ben', { lobby: true }),
      await Person.join(delivery, 'cleo', { lobby: true }),
    ];
    await delivery.advance(300);
    expect(ada.security.knockers.map(({ name }) => name)).toEqual(['ben', 'cleo']);
    expect([ben.admittance, cleo.admittance]).toEqual(['waiting', 'waiting']);
    await ada.admits(ben);
    await ada.admits(cleo, false);
    await delivery.advance(300);
    expect(cleo.security.admittance).toEqual({ kind: 'refused', reason: 'denied' });
    expect(ada.security.knockers).toEqual([]);
    await expectTogether(delivery, [ada, ben]);
  });

  test('whoever was admitted by one is let in by another, and stays admitted when its keys are lost', async () => {
    const people = await lobbyOf('ada', 'ben');
    const cleo = await Person.join(delivery, 'cleo', { lobby: true });
    await delivery.advance(300);
    await people[1]?.admits(cleo);
    await delivery.advance(300);
    delivery.tell(cleo, KEY_PACKAGE_WANTED);
    await delivery.advance(300);
    await expectTogether(delivery, [...people, cleo]);
  });

  test('whoever waits for longer than a key package lives makes another when admitted', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const people = await lobbyOf('ada', 'ben');
      const cleo = await Person.join(delivery, 'cleo', { lobby: true });
      await delivery.advance(300);
      vi.setSystemTime(Date.now() + 6 * 60_000);
      await people[0]?.admits(cleo);
      await delivery.advance(2_000);
      await expectTogether(delivery, [...people, cleo]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('every member that loses its keys comes in again by itself, the founder too', async () => {
    const people = await lobbyOf('ada', 'ben', 'cleo');
    for (const person of people) {
      delivery.tell(person, KEY_PACKAGE_WANTED);
      await delivery.advance(1_500);
      await expectTogether(delivery, people);
    }
  });

  test('whoever reloads comes in again by itself, under another member id; another device of theirs does not', async () => {
    const [ada] = (await lobbyOf('ada')) as [Person];
    const identity = await passingIdentity();
    const before = await Person.join(delivery, 'ben', { lobby: true, identity });
    await delivery.advance(300);
    await ada.admits(before);
    await delivery.advance(1_500);
    delivery.leave(before);
    const again = await Person.join(delivery, 'ben', { lobby: true, identity });
    await delivery.advance(1_500);
    await expectTogether(delivery, [ada, again]);
    const other = await Person.join(delivery, 'ben', { lobby: true });
    await delivery.advance(1_500);
    expect([other.admittance, ada.security.knockers.map(({ memberId }) => memberId)]).toEqual(['waiting', [other.id]]);
  });

  test('those who came later know who was admitted before their time', async () => {
    const [ada] = (await lobbyOf('ada')) as [Person];
    const identity = await passingIdentity();
    const ben = await Person.join(delivery, 'ben', { lobby: true, identity });
    await delivery.advance(300);
    await ada.admits(ben);
    await delivery.advance(1_500);
    delivery.leave(ben);
    const cleo = await Person.join(delivery, 'cleo', { lobby: true });
    await delivery.advance(1_500);
    await ada.admits(cleo);
    await delivery.advance(1_500);
    delivery.leave(ada);
    const again = await Person.join(delivery, 'ben', { lobby: true, identity });
    await delivery.advance(1_500);
    await expectTogether(delivery, [cleo, again]);
  });

  test('whoever is asked and does not know is told by one of those who do', async () => {
    const people = await lobbyOf('ada', 'ben');
    const [ada, ben] = people as [Person, Person];
    const identity = await passingIdentity();
    const before = await Person.join(delivery, 'cleo', { lobby: true, identity });
    await delivery.advance(300);
    await ada.admits(before);
    await delivery.advance(1_500);
    delivery.leave(before);
    delivery.hostility = {
      tell: (to, fact) => (fact.case === 'sealed' && ![ada.id, ben.id].includes(to) ? [] : [fact]),
    };
    const dan = await Person.join(delivery, 'dan', { lobby: true });
    await delivery.advance(1_500);
    await ada.admits(dan);
    await delivery.advance(1_500);
    const answers: string[] = [];
    delivery.hostility = {
      tell: (to, fact) => (fact.case === 'commitWanted' && to !== dan.id && answers.length === 0 ? [] : [fact]),
      hear(from, body) {
        if (body.case === 'admit') answers.push([ada, ben, dan].find(({ id }) => id === from)?.name ?? '?');
        return 'pass';
      },
    };
    const again = await Person.join(delivery, 'cleo', { lobby: true, identity });
    await delivery.advance(8_000, 10);
    expect(answers).toEqual(['ada']);
    await expectTogether(delivery, [ada, ben, dan, again]);
  });

  test('a server cannot put somebody with the link in the place of whom a member admits, or has admitted', async () => {
    const [ada] = (await lobbyOf('ada')) as [Person];
    const ben = await Person.join(delivery, 'ben', { lobby: true });
    await delivery.advance(300);
    const [shown] = ada.security.knockers;
    const mallory = await Person.join(delivery, 'ben', { lobby: true, memberId: ben.id }); // user and device are the same as well
    await ada.engine.admit(shown as Knocker, true);
    await delivery.advance(3_000);
    expect([mallory.admittance, ada.sees]).toEqual(['waiting', ['ada']]);
    expect(ada.security.knockers).toMatchObject([{ memberId: ben.id }]);
    expect(ada.security.knockers).not.toEqual([shown]);

    delivery.enter(ben);
    delivery.tell(ben, KEY_PACKAGE_WANTED);
    await delivery.advance(2_000);
    await expectTogether(delivery, [ada, ben]);
    const second = await Person.join(delivery, 'ben', { lobby: true, memberId: ben.id });
    await delivery.advance(3_000);
    expect([second.admittance, ada.sees]).toEqual(['waiting', ['ada']]);
  });

  test('a link without a lobby does not lead into the call with one', async () => {
    await lobbyOf('ada');
    const open = await Person.join(delivery, 'ben');
    await delivery.advance(300);
    expect(open.security.admittance).toEqual({ kind: 'refused', reason: 'no-proof' });
  });
});

describe('what members say', () => {
  test('reaches all others and nobody twice; newcomers learn by the next check-in what was shown before', async () => {
    const people = await call(delivery, 'ada', 'ben');
    const [ada] = people as [Person];
    await ada.engine.show({ microphoneOn: true, cameraOn: false, handRaised: true, recording: false });
    people.push(await Person.join(delivery, 'cleo'));
    await delivery.advance(1_000);
    await ada.engine.say({ case: 'chat', value: { text: 'hello' } });
    await people[1]?.engine.say({ case: 'reaction', value: { emoji: '👍' } });
    await delivery.flow();
    expect(people.map(({ heard }) => heard)).toEqual([['ben: 👍'], ['ada: hello'], ['ada: hello', 'ben: 👍']]);
    for (const other of people.slice(1))
      expect(other.security.presence.get(ada.id)).toEqual({
        microphoneOn: true,
        cameraOn: false,
        handRaised: true,
        recording: false,
      });
  });

  test('is lost when there is nobody to say it to, and no error', async () => {
    const ada = await Person.join(delivery, 'ada');
    expect(await ada.engine.say({ case: 'chat', value: { text: 'hello' } })).toBe(false);
  });

  test('agreement is checked at every epoch and every 10 s; silence for 10 s is a mark and no alarm', async () => {
    const people = await call(delivery, 'ada', 'ben', 'cleo');
    await delivery.advance(30_000);
    expect(people.map(({ security }) => security.verdict.kind)).toEqual(['agreed', 'agreed', 'agreed']);
    const silent = people[2] as Person;
    delivery.hostility = { hear: (from, body) => (from === silent.id && body.case === 'sealed' ? 'done' : 'pass') };
    await delivery.advance(30_000);
    expect(people[0]?.security.verdict).toEqual({ kind: 'unconfirmed', memberIds: [silent.id] });
    expect(people[0]?.admittance).toBe('inside');
  });

  test('emoji are equal for all, and those who are compared are verified in the next call too', async () => {
    const adas = await passingIdentity();
    const bens = await passingIdentity();
    const people = [
      await Person.join(delivery, 'ada', { identity: adas }),
      await Person.join(delivery, 'ben', { identity: bens }),
    ];
    await delivery.advance(500);
    people[0]?.engine.makeEmoji();
    await delivery.advance(7_000);
    const codes = people.map(({ security }) => security.emoji);
    expect(codes[0]).toMatchObject({ kind: 'ready', emoji: { length: 6 } });
    expect(codes[1]).toMatchObject({ kind: 'ready', emoji: codes[0]?.kind === 'ready' ? codes[0].emoji : [] });
    const cleo = await Person.join(delivery, 'cleo');
    await delivery.advance(200);
    await people[0]?.engine.verify(emojiOf(people[0])); // cleo came after the code
    expect(trustOf(people[0])).toEqual({ ada: 'verified', ben: 'verified', cleo: 'new' });
    expect(trustOf(cleo)).toEqual({ ada: 'new', ben: 'new', cleo: 'new' });

    delivery = new Delivery();
    const again = await Person.join(delivery, 'ada', { identity: adas });
    await delivery.advance(200);
    await Person.join(delivery, 'ben', { identity: bens });
    await delivery.advance(200);
    expect(trustOf(again)).toEqual({ ada: 'verified', ben: 'verified' });
    await Person.join(delivery, 'ben');
    await delivery.advance(200);
    expect([...again.security.members.values()].map(({ trust }) => trust)).toContain('changed-device');
  });

  describe('the press that a code was the same', () => {
    /** Shows its digits to the first of these people. */
    async function digitsFor(watching: Person): Promise<Compared> {
      watching.engine.watchDigits(true);
      await until('digits', () => watching.security.digits);
      return { kind: 'digits', epoch: watching.security.epoch ?? 0 };
    }

    test('is about the digits that were shown then, whoever came, left or changed keys since', async () => {
      const people = await call(delivery, 'ada', 'ben', 'cleo');
      const [ada, , cleo] = people as [Person, Person, Person];
      const bens = people[1] as Person;
      const compared = await digitsFor(ada);
      delivery.leave(cleo);
      const dan = await Person.join(delivery, 'dan');
      await delivery.advance(300);
      delivery.leave(bens);
      await delivery.advance(300);
      await Person.join(delivery, 'ben', { memberId: bens.id }); // the same user, device and member id, with other keys
      const cleosOther = await Person.join(delivery, 'cleo');
      await delivery.advance(2_000);
      await until('the digits of now', () => ada.security.digits);
      await ada.engine.verify(compared);
      expect(trustOf(ada)).toEqual({ ada: 'verified', ben: 'new', cleo: 'new', dan: 'new' });
      await ada.engine.verify({ kind: 'digits', epoch: ada.security.epoch ?? 0 });
      expect(trustOf(ada)).toEqual({ ada: 'verified', ben: 'verified', cleo: 'verified', dan: 'verified' });
      expect([dan.admittance, cleosOther.admittance]).toEqual(['inside', 'inside']);
    });

    test('counts for those who stayed, when the next epoch has begun meanwhile', async () => {
      const [ada] = (await call(delivery, 'ada', 'ben')) as [Person];
      const compared = await digitsFor(ada);
      delivery.tell(ada, refreshWanted(ada));
      await delivery.flow();
      expect(ada.security.epoch).not.toBe(compared.kind === 'digits' && compared.epoch);
      await ada.engine.verify(compared);
      expect(trustOf(ada)).toEqual({ ada: 'verified', ben: 'verified' });
    });

    test('on six emoji verifies nobody of the digits beside them, nor of another round', async () => {
      const people = await call(delivery, 'ada', 'ben');
      const [ada] = people as [Person];
      ada.engine.makeEmoji();
      await delivery.advance(7_000);
      const first = emojiOf(ada);
      await Person.join(delivery, 'cleo');
      await delivery.advance(4_000);
      await digitsFor(ada);
      ada.engine.makeEmoji();
      await delivery.advance(7_000);
      expect(emojiOf(ada)).not.toEqual(first);
      await ada.engine.verify(first);
      expect(trustOf(ada)).toEqual({ ada: 'verified', ben: 'verified', cleo: 'new' });
      await ada.engine.verify(emojiOf(ada));
      expect(trustOf(ada)).toMatchObject({ cleo: 'verified' });
    });

    test('on a code that was never shown verifies nobody', async () => {
      const [ada] = (await call(delivery, 'ada', 'ben')) as [Person];
      await ada.engine.verify({ kind: 'digits', epoch: ada.security.epoch ?? 0 });
      await ada.engine.verify({ kind: 'emoji', round: 1 });
      expect(trustOf(ada)).toEqual({ ada: 'new', ben: 'new' });
    });
  });

  test('the 30 digits are equal for all while they look, and gone with the next epoch', async () => {
    const people = await call(delivery, 'ada', 'ben');
    for (const { engine } of people) engine.watchDigits(true);
    const [adas, bens] = await Promise.all(
      people.map((person) => until(`digits of ${person.name}`, () => person.security.digits?.join(' '))),
    );
    expect(adas).toMatch(/^(\d{5} ){5}\d{5}$/);
    expect(bens).toBe(adas);
    people[1]?.engine.watchDigits(false);
    await Person.join(delivery, 'cleo');
    await delivery.advance(200);
    expect(people[1]?.security.digits).toBeUndefined();
    const next = await until('new digits', () => people[0]?.security.digits?.join(' '));
    expect(next).not.toBe(adas);
  });
});

/** The emoji that this person sees, as its page would name them. */
function emojiOf(person: Person | undefined): Compared {
  const emoji = person?.security.emoji;
  if (emoji?.kind !== 'ready') throw new Error(`no emoji, but ${emoji?.kind}`);
  return { kind: 'emoji', round: emoji.round };
}

function trustOf(person: Person | undefined) {
  return Object.fromEntries([...(person?.security.members.values() ?? [])].map(({ name, trust }) => [name, trust]));
}

function refreshWanted({ security }: Person): MlsFact {
  return { case: 'commitWanted', value: { epoch: security.epoch ?? 0, adds: [], removedMemberIds: [] } };
}

async function lobbyOf(...names: readonly string[]): Promise<Person[]> {
  const people: Person[] = [];
  for (const name of names) {
    const person = await Person.join(delivery, name, { lobby: true });
    await delivery.advance(300);
    if (people[0]) await people[0].admits(person);
    await delivery.advance(300);
    people.push(person);
  }
  return people;
}
