import { afterEach, describe, expect, test } from 'vitest';
import type { MemberId, RoomId } from '../../../src/base/index.ts';
import type { MlsFact } from '../../../src/client/e2ee/mls-fact.ts';
import { callbackAdmission } from '../../../src/crypto/index.ts';
import { admissionOf, SECRET } from '../../crypto/mls/people.ts';
import { RawMember } from '../../crypto/mls/raw-member.ts';
import { seeded } from '../../support/seeded.ts';
import { Delivery } from './delivery.ts';
import { Insider } from './insider.ts';
import { call, Person } from './person.ts';
import { tampered } from './tampering.ts';
import { expectTogether } from './together.ts';

const HOUR_MS = 3_600_000;

let delivery = new Delivery();
afterEach(() => {
  const { faults } = delivery;
  delivery = new Delivery();
  expect(faults).toEqual([]);
});

const GHOSTS: readonly (readonly [string, (present: Person) => Promise<RawMember>])[] = [
  [
    'without a proof',
    () =>
      RawMember.create('ghost', {
        admission: callbackAdmission({ prove: async () => new Uint8Array(32), check: async () => true }),
      }),
  ],
  [
    'with the proof of another call',
    async () => RawMember.create('ghost', { admission: await admissionOf(SECRET, 'room-2' as RoomId) }),
  ],
  ['under the identity of a member', (present) => RawMember.create('ghost', { credential: present.member })],
  ['whose key package has expired', () => RawMember.create('ghost', { now: () => Date.now() - HOUR_MS })],
];

describe.each(GHOSTS)('S2: a ghost %s', (_, create) => {
  test('is added by no honest member that is asked to', async () => {
    const people = (await call(delivery, 'ada', 'ben')) as [Person, Person];
    const ghost = await create(people[0]);
    for (const asked of people) {
      const candidate = { member: ghost.settings.credential, keyPackage: new Uint8Array(ghost.candidate.keyPackage) };
      const value = { epoch: asked.security.epoch ?? 0, adds: [candidate], removedMemberIds: [] };
      delivery.tell(asked, { case: 'commitWanted', value });
      await delivery.flow();
    }
    await expectTogether(delivery, people);
  });

  test('that an evil member commits halts all honest ones; the commit is void, and the call goes on', async () => {
    const people = (await call(delivery, 'ada', 'ben')) as [Person, Person];
    const insider = await Insider.join(delivery);
    const ghost = await create(people[0]);
    const halted = new Set<string>();
    delivery.hostility = {
      // The server is in it: it says that the ghost was added.
      tell: (_to, fact) => (fact.case === 'commitAccepted' ? [announcing(fact, ghost)] : [fact]),
      hear: (from, body) => {
        const person = people.find(({ id }) => id === from);
        if (person && body.case === 'commitRejected') halted.add(`${person.name} ${person.admittance}`);
        return 'pass';
      },
    };
    const add = { proposalType: 'add' as const, add: { keyPackage: ghost.ownKeyPackage.publicPackage } };
    const evil = await insider.raw.commit({ extraProposals: [add] }).catch(() => undefined);
    const made =
      evil?.commit ??
      (await insider.raw.say({ proposals: [{ proposalOrRefType: 'proposal', proposal: add }], path: undefined }));
    await insider.commit(made);
    await delivery.advance(50);
    expect([...halted].sort()).toEqual(['ada commit-refused', 'ben commit-refused']);
    expect(delivery.counts.mlsCommitsVoided).toBe(1);
    delivery.hostility = {};
    delivery.leave(insider);
    await delivery.advance(500);
    await expectTogether(delivery, people);
  });
});

test('S2: while a refused commit stands, nothing is sealed', async () => {
  const people = (await call(delivery, 'ada', 'ben')) as [Person, Person];
  const insider = await Insider.join(delivery);
  delivery.hostility = { hear: (_, body) => (body.case === 'commitRejected' ? 'done' : 'pass') };
  await insider.commit(
    (await insider.raw.commit({ extraProposals: [{ proposalType: 'remove', remove: { removed: 0 } }] })).commit,
  );
  await delivery.flow();
  expect(people.map(({ admittance }) => admittance)).toEqual(['commit-refused', 'commit-refused']);
  for (const person of people) {
    expect(await person.seal()).toBeUndefined();
    expect(await person.engine.say({ case: 'chat', value: { text: 'hello' } })).toBe(false);
  }
});

function announcing(fact: Extract<MlsFact, { case: 'commitAccepted' }>, ghost: RawMember): MlsFact {
  return { case: 'commitAccepted', value: { ...fact.value, added: [ghost.settings.credential] } };
}

describe('S3: a server that leads two halves into two epochs of the same number', () => {
  /** Accepts a refresh of ada for ada and ben, and one of cleo for cleo and dan. */
  async function fork({ hides = false } = {}): Promise<readonly (readonly Person[])[]> {
    const [ada, ben, cleo, dan] = (await call(delivery, 'ada', 'ben', 'cleo', 'dan')) as [
      Person,
      Person,
      Person,
      Person,
    ];
    await delivery.advance(3_000);
    const halves = [
      [ada, ben],
      [cleo, dan],
    ];
    const half = (id: MemberId) => halves.findIndex((people) => people.some((person) => person.id === id));
    let sender = ada.id;
    delivery.hostility = {
      tell: (to, fact) => (hides && fact.case === 'sealed' && half(to) !== half(sender) ? [] : [fact]),
      hear(from, body) {
        sender = from;
        if (body.case === 'epochReached') return 'done';
        if (body.case !== 'commit') return 'pass';
        const value = {
          ...body.value,
          commit: new Uint8Array(body.value.commit),
          committerId: from,
          added: [],
          removedMemberIds: [],
        };
        delivery.tell(from === ada.id ? ben : dan, { case: 'commitAccepted', value });
        return 'done';
      },
    };
    for (const committer of [ada, cleo]) {
      const value = { epoch: committer.security.epoch ?? 0, adds: [], removedMemberIds: [] };
      delivery.tell(committer, { case: 'commitWanted', value });
    }
    await delivery.flow();
    expect(new Set(halves.flat().map(({ security }) => security.epoch)).size).toBe(1);
    expect(new Set(halves.flat().map(({ place }) => place)).size).toBe(2);
    await delivery.advance(1_600); // until then frames are of the last epoch that all had in common
    return halves;
  }

  /** For so long, frames go from everybody to everybody; the answer counts those that opened. */
  async function talk(halves: readonly (readonly Person[])[], seconds: number) {
    const opened = { within: 0, across: 0, sealed: 0 };
    for (let second = 0; second < seconds; second += 1) {
      await delivery.advance(1_000);
      opened.sealed = 0;
      for (const from of halves.flat()) {
        const frame = await from.seal();
        if (frame) opened.sealed += 1;
        for (const to of halves.flat()) {
          if (!frame || to === from || (await to.open(from.id, frame)) !== 'hello') continue;
          const same = halves.some((half) => half.includes(from) && half.includes(to));
          opened[same ? 'within' : 'across'] += 1;
        }
      }
    }
    return opened;
  }

  test('is found out by all within 10 s, nothing is sealed then, and nothing ever opens across', async () => {
    const halves = await fork();
    const opened = await talk(halves, 8);
    expect(halves.flat().map(({ admittance }) => admittance)).toEqual(Array(4).fill('forked'));
    expect(opened).toMatchObject({ across: 0, sealed: 0 });
    expect(opened.within).toBeGreaterThan(0);
    expect(await talk(halves, 20)).toEqual({ within: 0, across: 0, sealed: 0 });
  });

  test('and hides each half from the other has every member of the other half marked within 10 s', async () => {
    const halves = await fork({ hides: true });
    const opened = await talk(halves, 9);
    expect(opened.across).toBe(0);
    for (const person of halves.flat()) {
      const others = halves.find((half) => !half.includes(person))?.map(({ id }) => id);
      expect(person.security.verdict).toEqual({ kind: 'unconfirmed', memberIds: others });
    }
  });

  test('heals when they are led together again', async () => {
    const halves = await fork();
    await talk(halves, 8);
    delivery.hostility = {};
    const people = halves.flat();
    for (const person of people.slice(1)) delivery.tell(person, { case: 'keyPackageWanted', value: {} });
    delivery.leave(people[0] as Person);
    await delivery.advance(8_000);
    await expectTogether(delivery, people.slice(1));
  });
});

describe('S4: a server that shuffles, doubles, drops and changes what it forwards', () => {
  test.each([1, 2, 3, 4])('nobody ends up with a wrong key, and all find together again: seed %i', async (seed) => {
    const random = seeded(seed);
    const people = await call(delivery, 'ada', 'ben', 'cleo');
    delivery.hostility = {
      tell(_, fact) {
        const roll = random();
        if (roll < 0.05) return [];
        if (roll < 0.15) return [fact, fact];
        return roll < 0.2 ? [tampered(fact, random)] : [fact];
      },
      order: (facts) => (random() < 0.3 ? [...facts].sort(() => random() - 0.5) : facts),
    };
    for (let round = 0; round < 12; round += 1) {
      people.push(await Person.join(delivery, `m${round}`));
      await delivery.advance(300);
      const gone = people.splice(Math.floor(random() * people.length), 1);
      for (const person of gone) delivery.leave(person);
      await people[0]?.engine.say({ case: 'chat', value: { text: 'hello' } });
      await delivery.advance(700);
    }
    delivery.hostility = {};
    await delivery.advance(40_000, 100);
    const refused = people.filter(({ admittance }) => admittance === 'refused');
    for (const person of refused) delivery.leave(person);
    await delivery.advance(500);
    await expectTogether(
      delivery,
      people.filter((person) => !refused.includes(person)),
    );
  });
});

describe('S5: a server that swaps streams and plays them again', () => {
  test('drops what is not of the member and the source on the label', async () => {
    const [ada, ben, cleo] = (await call(delivery, 'ada', 'ben', 'cleo')) as [Person, Person, Person];
    const frame = (await ben.seal('ben')) as ArrayBuffer;
    expect(await ada.open(cleo.id, frame)).toBe('wrong-owner');
    expect(await ada.open(ben.id, frame, 'screen-audio')).toBe('wrong-owner');
    expect(await ben.open(ben.id, frame)).toBe('wrong-owner');
    expect(await ada.open('nobody' as MemberId, frame)).toBe('no-key');
    expect(await ada.open(ben.id, frame)).toBe('ben');
    expect(await ada.open(ben.id, frame)).toBe('replay');
  });

  test('drops 5 s of old frames, and what comes from the last owner of a leaf', async () => {
    const [ada, ben, cleo] = (await call(delivery, 'ada', 'ben', 'cleo')) as [Person, Person, Person];
    const old = await Promise.all(Array.from({ length: 250 }, () => cleo.seal('old')));
    for (const frame of old) expect(frame && (await ada.open(cleo.id, frame))).toBe('old');
    for (const frame of old) expect(frame && (await ada.open(cleo.id, frame))).toBe('replay');
    delivery.leave(cleo);
    const dan = await Person.join(delivery, 'dan');
    await delivery.advance(200);
    for (const frame of old) expect(frame && (await ada.open(dan.id, frame))).toBe('wrong-owner');
    await delivery.advance(3_000);
    for (const frame of old) expect(frame && (await ada.open(dan.id, frame))).toBe('no-key');
    await expectTogether(delivery, [ada, ben, dan]);
  });

  test('S6: drops clear media and injected silence', async () => {
    const [ada, ben] = (await call(delivery, 'ada', 'ben')) as [Person, Person];
    const clear = [
      [0xf8, 0xff, 0xfe],
      [0x78, ...Array(60).fill(7)],
      [0x90, 0x9d, 0x01, 0x2a, ...Array(900).fill(3)],
    ];
    for (const bytes of clear) {
      const outcome = await ada.open(ben.id, Uint8Array.from(bytes).buffer);
      expect(['too-short', 'not-sframe', 'wrong-owner', 'no-key', 'forged']).toContain(outcome);
    }
  });
});
