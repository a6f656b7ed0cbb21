import type { Proposal } from 'ts-mls/proposal.js';
import { afterEach, describe, expect, test } from 'vitest';
import type { FactValue, MlsFact } from '../../../src/client/e2ee/mls-fact.ts';
import { messageIn, RawMember } from '../../crypto/mls/raw-member.ts';
import { Delivery } from './delivery.ts';
import { Insider } from './insider.ts';
import { call, Person } from './person.ts';
import { expectTogether } from './together.ts';

let delivery = new Delivery();
afterEach(() => {
  const { faults } = delivery;
  delivery = new Delivery();
  expect(faults).toEqual([]);
});

const inline = (proposal: Proposal) => ({ proposalOrRefType: 'proposal' as const, proposal });
const remove = (removed: number): Proposal => ({ proposalType: 'remove', remove: { removed } });

const COMMITS: readonly (readonly [string, (raw: RawMember) => Promise<Uint8Array>])[] = [
  ['without a path', (raw) => raw.say({ proposals: [], path: undefined })],
  ['that removes without a path', (raw) => raw.say({ proposals: [inline(remove(0))], path: undefined })],
  [
    'that removes whom nobody asked to remove',
    async (raw) => (await raw.commit({ extraProposals: [remove(0)] })).commit,
  ],
  [
    'that adds a friend whom nobody announced',
    async (raw) => {
      const { ownKeyPackage } = await RawMember.create('friend');
      const add = { proposalType: 'add' as const, add: { keyPackage: ownKeyPackage.publicPackage } };
      return (await raw.commit({ extraProposals: [add] })).commit;
    },
  ],
  ['that is public', async (raw) => (await raw.commit({ wireAsPublicMessage: true })).commit],
  ['that is noise', async () => new Uint8Array(500).fill(7)],
];

describe.each(COMMITS)('S7: a commit of a member %s', (_, make) => {
  test('is refused by all others and voided; the call goes on, and does so without its sender', async () => {
    const people = await call(delivery, 'ada', 'ben', 'cleo');
    const insider = await Insider.join(delivery);
    const places = people.map(({ place }) => place);
    const seen: string[] = [];
    delivery.hostility = {
      hear(from, body) {
        if (body.case === 'commitRejected') seen.push(`${people.find(({ id }) => id === from)?.admittance}`);
        return 'pass';
      },
    };
    await insider.commit(await make(insider.raw));
    await delivery.flow();
    expect(seen).toEqual(Array(3).fill('commit-refused'));
    expect(delivery.counts.mlsCommitsVoided).toBe(1);
    expect(people.map(({ place }) => place)).toEqual(places);
    await delivery.advance(300); // the server lets the others remove whose commit was void
    await expectTogether(delivery, people);
  });
});

test('S7: one that is asked to add somebody, and removes somebody too, is voided; another adds', async () => {
  const people = await call(delivery, 'ada');
  const insider = await Insider.join(delivery);
  people.push(...(await later('ben', 'cleo')));
  await delivery.advance(3_500); // the crowd is in
  const [ada] = people as [Person];
  insider.wanted = async ({ epoch, adds }: FactValue<'commitWanted'>) => {
    const extraProposals = [remove(0)];
    const { commit } = await insider.raw.commit({ extraProposals });
    const value = { epoch, commit: new Uint8Array(commit), welcome: new Uint8Array(9) };
    const addedMemberIds = adds.map(({ member }) => member.memberId);
    await delivery.hear(insider, {
      case: 'commit',
      value: { ...value, addedMemberIds, refusedAdds: [], removedMemberIds: [] },
    });
  };
  delivery.hostility = { tell: (to, fact) => (to === ada.id && fact.case === 'commitWanted' ? [] : [fact]) };
  const dan = await Person.join(delivery, 'dan');
  await delivery.advance(2_000);
  expect(delivery.counts.mlsCommitsVoided).toBe(1);
  delivery.hostility = {};
  await delivery.advance(3_000);
  await expectTogether(delivery, [...people, dan]);
});

test('S7: one whose friend says that it applied a commit which nobody can is voided all the same; both are out', async () => {
  const people = await call(delivery, 'ada', 'ben', 'cleo');
  const friend = await Person.join(delivery, 'friend');
  await delivery.advance(3_000);
  const insider = await Insider.join(delivery);
  await delivery.advance(3_000);
  const places = people.map(({ place }) => place);
  delivery.hostility = {
    tell(to, fact) {
      if (to !== friend.id || fact.case !== 'commitAccepted') return [fact];
      void delivery.hear(friend, { case: 'epochReached', value: { epoch: fact.value.epoch + 1 } });
      return [];
    },
  };
  await insider.commit((await insider.raw.commit({ extraProposals: [remove(0)] })).commit);
  await delivery.flow();
  expect(delivery.counts.mlsCommitsVoided).toBe(1);
  expect(people.map(({ place }) => place)).toEqual(places);
  expect(friend.admittance).toBe('asking');
  delivery.hostility = {};
  await delivery.advance(1_500);
  await expectTogether(delivery, [...people, friend]);
});

test('S7: one that refuses every commit of others is let go, and the others are not held up', async () => {
  const people = await call(delivery, 'ada', 'ben');
  const denier = await Person.join(delivery, 'denier');
  await delivery.advance(200);
  delivery.hostility = {
    tell: (to, fact) =>
      to === denier.id && fact.case === 'commitAccepted'
        ? [{ case: 'commitAccepted', value: { ...fact.value, commit: new Uint8Array(9) } }]
        : [fact],
  };
  const cleo = await Person.join(delivery, 'cleo');
  await delivery.advance(1_000);
  expect(delivery.counts.mlsCommitsVoided).toBe(0);
  delivery.hostility = {};
  await delivery.advance(500);
  await expectTogether(delivery, [...people, cleo, denier]);
});

test('S7: one whose welcomes lead nowhere keeps nobody out: another member is asked for who offers again', async () => {
  const people = await call(delivery, 'ada', 'ben', 'cleo');
  const [evil] = people as [Person];
  let committer = evil.id;
  const welcomers: string[] = [];
  delivery.hostility = {
    hear(from, body) {
      if (body.case === 'commit') committer = from;
      return 'pass';
    },
    tell(_, fact) {
      if (fact.case !== 'welcomed') return [fact];
      welcomers.push(people.find(({ id }) => id === committer)?.name ?? '?');
      return [
        committer === evil.id ? { case: 'welcomed', value: { ...fact.value, welcome: new Uint8Array(9) } } : fact,
      ];
    },
  };
  const dan = await Person.join(delivery, 'dan');
  await delivery.advance(500);
  expect(welcomers).toEqual(['ada', 'ben']);
  await expectTogether(delivery, [...people, dan]);
});

test('S7: one that says of everybody that they have to wait keeps nobody out of a call without a lobby', async () => {
  const people = await call(delivery, 'ada', 'ben', 'cleo');
  const [evil] = people as [Person];
  let said = 0;
  delivery.hostility = {
    tell(to, fact) {
      if (to !== evil.id || fact.case !== 'commitWanted') return [fact];
      const { epoch, adds, removedMemberIds } = fact.value;
      const refusedAdds = adds.map(({ member }) => ({ memberId: member.memberId, reason: 'waiting' as const }));
      const value = { epoch, commit: new Uint8Array(), addedMemberIds: [], refusedAdds, removedMemberIds };
      said += 1;
      void delivery.hear(evil, { case: 'commit', value }).catch(() => undefined);
      return [];
    },
  };
  const dan = await Person.join(delivery, 'dan');
  await delivery.advance(1_500);
  expect(said).toBeGreaterThan(0);
  await expectTogether(delivery, [...people, dan]);
});

test('S7: one that welcomes somebody into a copy of the call of its own is found out, and another welcomes them', async () => {
  const people = await call(delivery, 'ada');
  const [ada] = people as [Person];
  const insider = await Insider.join(delivery);
  people.push(...(await later('ben', 'cleo')));
  await delivery.advance(3_500); // the crowd is in
  insider.wanted = async ({ epoch, adds }: FactValue<'commitWanted'>) => {
    const extraProposals = adds.map(({ keyPackage }) => {
      const message = messageIn(keyPackage);
      if (message.wireformat !== 'mls_key_package') throw new Error('no key package');
      return { proposalType: 'add' as const, add: { keyPackage: message.keyPackage } };
    });
    const [shown, hidden] = [
      await insider.raw.commit({ extraProposals }),
      await insider.raw.commit({ extraProposals, authenticatedData: new Uint8Array(1) }),
    ];
    const addedMemberIds = adds.map(({ member }) => member.memberId);
    const [commit, welcome] = [new Uint8Array(shown.commit), new Uint8Array(hidden.welcome as Uint8Array)];
    const value = { epoch, commit, welcome, addedMemberIds, refusedAdds: [], removedMemberIds: [] };
    await delivery.hear(insider, { case: 'commit', value });
  };
  delivery.hostility = { tell: (to, fact) => (to === ada.id && fact.case === 'commitWanted' ? [] : [fact]) };
  const dan = await Person.join(delivery, 'dan');
  await delivery.advance(2_000);
  delivery.hostility = {};
  expect([dan.admittance, dan.security.epoch]).toEqual(['inside', ada.security.epoch]);
  expect(dan.place).not.toBe(ada.place);
  await delivery.advance(8_000);
  expect(dan.place).toBe(ada.place);
  delivery.leave(insider);
  await delivery.advance(500);
  await expectTogether(delivery, [...people, dan]);
});

describe('S7: one that wants to silence the call', () => {
  const LIES = [
    ['of the present epoch', 0],
    ['of the last one', -1],
    ['of one to come', 1],
  ] as const;

  test.each(LIES)('with check-ins %s that are wrong is marked, and the others go on', async (_, offset) => {
    const people = await call(delivery, 'ada', 'ben', 'liar');
    const liar = people[2] as Person;
    for (let second = 0; second < 12; second += 1) {
      const epoch = (liar.security.epoch ?? 0) + offset;
      const presence = { microphoneOn: false, cameraOn: false, handRaised: false, recording: false };
      await liar.engine.say({ case: 'checkIn', value: { epoch, authenticator: new Uint8Array(32), presence } });
      if (second === 2) delivery.tell(people[0] as Person, refreshWanted(people[0] as Person));
      await delivery.advance(1_000);
    }
    await expectGoingOn(people.slice(0, 2), liar);
  });

  test('with noise under the number of the present epoch is marked, though others are in tunnels meanwhile', async () => {
    const people = await call(delivery, 'ada', 'ben', 'cleo', 'dan', 'liar');
    const [ada, ben] = people as [Person, Person];
    const silent = people.slice(2).map(({ id }) => id);
    const liar = people[4] as Person;
    let noise = new Uint8Array();
    const makesNoise = (message: Uint8Array) => message.length > 0 && message.every((byte, at) => byte === noise[at]);
    delivery.hostility = {
      hear(from, body) {
        if (body.case !== 'sealed' || !silent.includes(from) || makesNoise(body.value.message)) return 'pass';
        if (from === liar.id)
          noise = body.value.message.map((byte, at, { length }) => (at === length - 1 ? byte ^ 1 : byte));
        return 'done';
      },
    };
    delivery.tell(ada, refreshWanted(ada));
    await delivery.advance(1_000); // the liar's check-in, with its last byte changed, is the noise
    for (let second = 0; second < 8; second += 1) {
      await delivery.hear(liar, { case: 'sealed', value: { message: noise } });
      await delivery.advance(1_000);
    }
    await expectGoingOn([ada, ben], liar);
  });

  async function expectGoingOn(honest: readonly Person[], liar: Person): Promise<void> {
    for (const person of honest) {
      const frame = await person.seal('still here');
      expect(person.security.verdict).toMatchObject({
        kind: 'unconfirmed',
        memberIds: expect.arrayContaining([liar.id]),
      });
      expect(person.admittance).toBe('inside');
      for (const to of honest) if (to !== person) expect(frame && (await to.open(person.id, frame))).toBe('still here');
    }
  }
});

function refreshWanted({ security }: Person): MlsFact {
  return { case: 'commitWanted', value: { epoch: security.epoch ?? 0, adds: [], removedMemberIds: [] } };
}

async function later(...names: readonly string[]): Promise<Person[]> {
  const people: Person[] = [];
  for (const name of names) {
    people.push(await Person.join(delivery, name));
    await delivery.advance(200);
  }
  return people;
}
