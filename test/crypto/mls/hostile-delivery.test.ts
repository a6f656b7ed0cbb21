import { beforeAll, describe, expect, test } from 'vitest';
import type { Announcement, Group, StagedCommit } from '../../../src/crypto/mls/index.ts';
import { announce, groupOf, hex, type Knocking, knock } from './people.ts';

/** Every this many bytes one is flipped; a welcome costs more than a commit to look at. */
const STEP = { commit: 1, welcome: 5, message: 1, keyPackage: 3 };

const flipped = (bytes: Uint8Array, at: number) =>
  bytes.map((byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte));

const positions = (bytes: Uint8Array, step: number) =>
  Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) => index * step);

/** What a hostile server can make of bytes without any key: cut, lengthened, doubled, emptied. */
const mangled = (bytes: Uint8Array): readonly Uint8Array[] => [
  new Uint8Array(),
  bytes.slice(0, 1),
  bytes.slice(0, bytes.length / 2),
  bytes.slice(0, -1),
  Uint8Array.from([...bytes, 0]),
  Uint8Array.from([...bytes, ...bytes]),
  Uint8Array.from([0, ...bytes]),
  new Uint8Array(bytes.length),
  new Uint8Array(bytes.length).fill(255),
];

describe('S4: a server that changes, cuts and lengthens what it forwards', () => {
  let ada: Group;
  let ben: Group;
  let dan: Knocking;
  let staged: StagedCommit;
  let announced: Announcement;
  let before: string;

  beforeAll(async () => {
    const [first, second, third] = await groupOf('ada', 'ben', 'cas');
    if (!first || !second || !third) throw new Error('not three');
    [ada, ben] = [first, second];
    dan = await knock('dan');
    const outcome = await ada.stage({
      adds: [dan.candidate],
      removes: [third.members[2]?.credential.memberId ?? ('' as never)],
    });
    if (!outcome.staged) throw new Error('nothing staged');
    staged = outcome.staged;
    announced = announce(ada, staged, [dan]);
    before = hex(ben.authenticator);
  });

  test('changed commits are refused, and change nothing', async () => {
    const { commit } = staged;
    const bytes = [...positions(commit, STEP.commit).map((at) => flipped(commit, at)), ...mangled(commit)];
    for (const each of bytes) {
      const { kind } = await ben.process(each, announced);
      expect(['refused', 'stale', 'future']).toContain(kind);
    }
    expect(hex(ben.authenticator)).toBe(before);
  });

  test('changed welcomes lead nowhere, and the true one still works', async () => {
    const { welcome = new Uint8Array() } = staged;
    const bytes = [...positions(welcome, STEP.welcome).map((at) => flipped(welcome, at)), ...mangled(welcome)];
    for (const each of bytes) expect((await dan.pending.join(each)).kind).toBe('refused');
    expect((await dan.pending.join(welcome)).kind).toBe('joined');
  });

  test('changed key packages are left out', async () => {
    const { keyPackage, credential } = (await knock('eve')).candidate;
    const bytes = [
      ...positions(keyPackage, STEP.keyPackage).map((at) => flipped(keyPackage, at)),
      ...mangled(keyPackage),
    ];
    for (const each of bytes) {
      const outcome = await ben.stage({ adds: [{ credential, keyPackage: each }], removes: [] });
      expect([outcome.staged, outcome.refusedAdds.length]).toEqual([undefined, 1]);
    }
  });

  test('changed messages are refused, and the true one still opens', async () => {
    const sealed = await ada.seal(new TextEncoder().encode('hello'));
    const bytes = [...positions(sealed, STEP.message).map((at) => flipped(sealed, at)), ...mangled(sealed)];
    for (const each of bytes) expect((await ben.open(each)).kind).toBe('refused');
    expect((await ben.open(sealed)).kind).toBe('opened');
  });

  test('the commit itself is good after all that', async () => {
    expect((await ben.process(staged.commit, announced)).kind).toBe('applied');
    expect((await ben.process(staged.commit, announced)).kind).toBe('stale');
    await ada.apply(staged);
    expect(hex(ben.authenticator)).toBe(hex(ada.authenticator));
  });

  test('one kind of message in the place of another is refused', async () => {
    const { commit, welcome = new Uint8Array() } = staged;
    const message = await ada.seal(new Uint8Array(1));
    const { keyPackage } = dan.candidate;
    for (const each of [welcome, message, keyPackage])
      expect(await ben.process(each, announced)).toEqual({ kind: 'refused', reason: 'wrong-kind' });
    for (const each of [welcome, commit, keyPackage])
      expect(await ben.open(each)).toMatchObject({ kind: 'refused', reason: 'wrong-kind' });
    const eve = await knock('eve');
    for (const each of [commit, message, keyPackage])
      expect(await eve.pending.join(each)).toEqual({ kind: 'refused', reason: 'wrong-kind' });
  });

  test('a welcome for somebody else is refused', async () => {
    const eve = await knock('eve');
    expect(await eve.pending.join(staged.welcome ?? new Uint8Array())).toEqual({
      kind: 'refused',
      reason: 'not-opened',
    });
  });

  test('a commit that does other than was announced is refused', async () => {
    const next = await ada.refresh();
    if (!next.staged) throw new Error('nothing staged');
    const honest = announce(ada, next.staged);
    for (const lie of [
      { ...honest, committer: announced.removed[0] ?? honest.committer },
      { ...honest, added: [dan.settings.credential] },
      { ...honest, removed: [dan.settings.credential.memberId] },
    ])
      expect(await ben.process(next.staged.commit, lie)).toEqual({ kind: 'refused', reason: 'not-announced' });
    expect(await ben.process(next.staged.commit, honest)).toMatchObject({ kind: 'applied' });
  });
});

test('S3: two commits for one epoch lead to two authenticators', async () => {
  const [ada, ben, cas, dan] = await groupOf('ada', 'ben', 'cas', 'dan');
  if (!ada || !ben || !cas || !dan) throw new Error('not four');
  const [left, right] = [await ada.refresh(), await ben.refresh()];
  if (!left.staged || !right.staged) throw new Error('nothing staged');
  await cas.process(left.staged.commit, announce(ada, left.staged));
  await dan.process(right.staged.commit, announce(ben, right.staged));
  expect(cas.epoch).toBe(dan.epoch);
  expect(hex(cas.authenticator)).not.toBe(hex(dan.authenticator));
  expect((await dan.open(await cas.seal(new Uint8Array(1)))).kind).toBe('refused');
});
