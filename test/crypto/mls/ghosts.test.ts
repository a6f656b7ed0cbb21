import { encodeMlsMessage } from 'ts-mls/message.js';
import { describe, expect, test } from 'vitest';
import type { MemberId, RoomId } from '../../../src/base/index.ts';
import { callbackAdmission, Group, PendingMember } from '../../../src/crypto/mls/index.ts';
import { admissionOf, commit, groupOf, knock, ownMember, settingsOf } from './people.ts';
import { messageIn, RawMember } from './raw-member.ts';

const OTHER_SECRET = new Uint8Array(32).fill(7);
const HOUR_MS = 3_600_000;

/** S2: whom a hostile server might slip in. */
const GHOSTS: readonly (readonly [string, () => Promise<RawMember>, string])[] = [
  ['without a proof', () => RawMember.create('ghost', { admission: proving(new Uint8Array()) }), 'no-proof'],
  ['with a made-up proof', () => RawMember.create('ghost', { admission: proving(new Uint8Array(32)) }), 'no-proof'],
  [
    "with another link's proof",
    async () => RawMember.create('ghost', { admission: await admissionOf(OTHER_SECRET) }),
    'no-proof',
  ],
  [
    "with another room's proof",
    async () => RawMember.create('ghost', { admission: await admissionOf(undefined, 'room-2' as RoomId) }),
    'no-proof',
  ],
  [
    'with the proof of the open link where there is a lobby, and the other way round',
    async () => RawMember.create('ghost', { admission: await admissionOf(undefined, undefined, true) }),
    'no-proof',
  ],
  [
    "with somebody else's proof",
    async () => RawMember.create('ghost', { admission: proving(await proofOfAnother()) }),
    'no-proof',
  ],
  ['whose key package is an hour old', () => RawMember.create('ghost', { now: () => Date.now() - HOUR_MS }), 'expired'],
  ['whose key package is of tomorrow', () => RawMember.create('ghost', { now: () => Date.now() + HOUR_MS }), 'expired'],
];

function proving(proof: Uint8Array) {
  return callbackAdmission({ prove: async () => proof, check: async () => true });
}

async function proofOfAnother(): Promise<Uint8Array> {
  const { credential, signatureKeys, admission } = await settingsOf('ada');
  return admission.prove({ credential, signatureKey: signatureKeys.publicKey });
}

async function withInsider(): Promise<{ ada: Group; ben: Group; insider: RawMember }> {
  const [ada, ben] = await groupOf('ada', 'ben');
  if (!ada || !ben) throw new Error('nobody');
  const insider = await RawMember.create('insider');
  const { staged } = await ada.stage({ adds: [insider.candidate], removes: [] });
  if (!staged?.welcome) throw new Error('not staged');
  const announced = {
    committer: ownMember(ada).credential.memberId,
    added: [insider.settings.credential],
    removed: [],
  };
  await ben.process(staged.commit, announced);
  await ada.apply(staged);
  await insider.join(staged.welcome);
  return { ada, ben, insider };
}

describe.each(GHOSTS)('a ghost %s', (_, create, reason) => {
  test('is left out by an honest committer', async () => {
    const [ada] = await groupOf('ada');
    const ghost = await create();
    const outcome = await ada?.stage({ adds: [ghost.candidate], removes: [] });
    expect(outcome).toEqual({
      refusedAdds: [{ memberId: ghost.settings.credential.memberId, reason }],
      refusedRemoves: [],
    });
  });

  test('that a member commits is refused by all others, and those who come with it stay out', async () => {
    const { ada, ben, insider } = await withInsider();
    const ghost = await create();
    const dan = await knock('dan');
    const danKeyPackage = messageIn(dan.pending.keyPackage);
    if (danKeyPackage.wireformat !== 'mls_key_package') throw new Error('no key package');
    const adds = [ghost.ownKeyPackage.publicPackage, danKeyPackage.keyPackage];
    const extraProposals = adds.map((keyPackage) => ({ proposalType: 'add' as const, add: { keyPackage } }));
    // The library looks at the clock of whoever commits: a hostile one has the clock that it wants.
    const evil = reason === 'expired' ? undefined : await insider.commit({ extraProposals });
    const bytes = evil?.commit ?? (await insider.say({ proposals: extraProposals.map(inline), path: undefined }));
    const added = [ghost.settings.credential, dan.settings.credential];
    const announced = { committer: insider.settings.credential.memberId, added, removed: [] };
    for (const group of [ada, ben]) expect(await group.process(bytes, announced)).toEqual({ kind: 'refused', reason });
    if (evil?.welcome) expect(await dan.pending.join(evil.welcome)).toEqual({ kind: 'refused', reason });
    expect((await commit(ada, [ben], {})).outcomes).toMatchObject([{ kind: 'applied' }]);
  });
});

const inline = <Proposal>(proposal: Proposal) => ({ proposalOrRefType: 'proposal' as const, proposal });

test('a member id that is in the group is not added twice, by an honest member or another', async () => {
  const { ada, ben, insider } = await withInsider();
  const double = await RawMember.create('double', { credential: ownMember(ben).credential });
  const memberId = ownMember(ben).credential.memberId;
  expect((await ada.stage({ adds: [double.candidate], removes: [] })).refusedAdds).toEqual([
    { memberId, reason: 'duplicate-member' },
  ]);
  const add = { proposalType: 'add' as const, add: { keyPackage: double.ownKeyPackage.publicPackage } };
  const evil = await insider.commit({ extraProposals: [add] });
  const announced = {
    committer: insider.settings.credential.memberId,
    added: [double.settings.credential],
    removed: [],
  };
  expect(await ada.process(evil.commit, announced)).toEqual({ kind: 'refused', reason: 'duplicate-member' });
});

test('a device is not in the group twice, nor twice in one commit', async () => {
  const [ada] = await groupOf('ada');
  const first = await knock('dan');
  const again = await knock('dan', { signatureKeys: first.settings.signatureKeys });
  const outcome = await ada?.stage({ adds: [first.candidate, again.candidate], removes: [] });
  expect(outcome?.staged?.added).toEqual([first.settings.credential.memberId]);
  expect(outcome?.refusedAdds).toMatchObject([{ reason: 'duplicate-key' }]);
});

test('who says another name than the server vouches for is left out', async () => {
  const [ada] = await groupOf('ada');
  const { candidate } = await knock('dan');
  const credential = { ...candidate.credential, memberId: 'somebody' as MemberId };
  const outcome = await ada?.stage({ adds: [{ ...candidate, credential }], removes: [] });
  expect(outcome?.refusedAdds).toEqual([{ memberId: 'somebody', reason: 'not-announced' }]);
});

test('a whole group of strangers does not take a newcomer in', async () => {
  const strangers = await admissionOf(OTHER_SECRET);
  const stranger = await settingsOf('stranger', { admission: { ...strangers, check: async () => true } });
  const trap = await Group.found(stranger);
  const dan = await knock('dan');
  const { staged } = await trap.stage({ adds: [dan.candidate], removes: [] });
  expect(await dan.pending.join(staged?.welcome ?? new Uint8Array())).toEqual({ kind: 'refused', reason: 'no-proof' });
});

test('a group of another room is refused', async () => {
  const admission = callbackAdmission({ prove: async () => new Uint8Array([1]), check: async () => true });
  const elsewhere = await Group.found(await settingsOf('ada', { roomId: 'room-2' as RoomId, admission }));
  const dan = await PendingMember.create(await settingsOf('dan', { admission }));
  const { credential } = await settingsOf('x');
  const reading = await elsewhere.inspect(dan.keyPackage);
  if (reading.kind !== 'genuine') throw new Error(`${reading.reason} ${credential.userId}`);
  const { staged } = await elsewhere.stage({
    adds: [{ credential: reading.credential, keyPackage: dan.keyPackage }],
    removes: [],
  });
  expect(await dan.join(staged?.welcome ?? new Uint8Array())).toEqual({ kind: 'refused', reason: 'wrong-group' });
});

test("an app's check that throws or says anything but true admits nobody", async () => {
  const [ada] = await groupOf('ada');
  const failing = callbackAdmission({
    prove: async () => new Uint8Array([1]),
    check: () => Promise.reject(new Error('down')),
  });
  await expect(Group.found(await settingsOf('ada', { admission: failing }))).rejects.toMatchObject({
    code: 'forbidden',
  });
  expect(ada?.members).toHaveLength(1);
});

test('an encryption key that nobody can encrypt to does not get in', async () => {
  const [ada] = await groupOf('ada');
  const ghost = await RawMember.create('ghost');
  const { publicPackage } = ghost.ownKeyPackage;
  for (const keyPackage of [
    { ...publicPackage, initKey: new Uint8Array(32) },
    { ...publicPackage, leafNode: { ...publicPackage.leafNode, hpkePublicKey: new Uint8Array(32) } },
  ]) {
    const bytes = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage });
    const outcome = await ada?.stage({ adds: [{ ...ghost.candidate, keyPackage: bytes }], removes: [] });
    expect(outcome?.refusedAdds).toMatchObject([{ reason: 'invalid-leaf' }]);
  }
});

test('a key package whose signature is not its own is left out', async () => {
  const [ada] = await groupOf('ada');
  const ghost = await RawMember.create('ghost');
  const { publicPackage } = ghost.ownKeyPackage;
  const keyPackage = {
    ...publicPackage,
    initKey: (await RawMember.create('other')).ownKeyPackage.publicPackage.initKey,
  };
  const bytes = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage });
  const outcome = await ada?.stage({ adds: [{ ...ghost.candidate, keyPackage: bytes }], removes: [] });
  expect(outcome?.refusedAdds).toMatchObject([{ reason: 'forged' }]);
});
