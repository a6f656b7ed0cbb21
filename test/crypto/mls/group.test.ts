import { expect, test } from 'vitest';
import type { Group } from '../../../src/crypto/mls/index.ts';
import { announce, commit, groupOf, hex, knock, ownMember, settingsOf } from './people.ts';

const text = (value: string) => new TextEncoder().encode(value);

test('members of one epoch have one authenticator and one base key of 16 bytes', async () => {
  const groups = await groupOf('ada', 'ben', 'cas');
  expect(new Set(groups.map(({ authenticator }) => hex(authenticator))).size).toBe(1);
  const keys = await Promise.all(groups.map((group) => group.exportBaseKey()));
  expect(new Set(keys.map(hex)).size).toBe(1);
  expect(keys[0]).toHaveLength(16);
});

test('everybody sees the same members, under the names that they gave themselves', async () => {
  const groups = await groupOf('ada', 'ben', 'cas');
  for (const group of groups) {
    expect(group.members.map(({ name, leaf }) => [name, leaf])).toEqual([
      ['ada', 0],
      ['ben', 1],
      ['cas', 2],
    ]);
    expect(ownMember(group).leaf).toBe(group.ownLeaf);
  }
});

test('one commit adds some and removes others; a removed member is told so and holds no group any more', async () => {
  const [ada, ben, cas] = await three();
  const { outcomes, joined } = await commit(ada, [ben, cas], {
    adds: [await knock('dan'), await knock('eve')],
    removes: [ben],
  });
  expect(outcomes.map(({ kind }) => kind)).toEqual(['removed', 'applied']);
  expect(ben.closed).toBe(true);
  await expect(ben.exportBaseKey()).rejects.toThrow('no member');
  expect(hex(joined[1]?.authenticator ?? text(''))).toBe(hex(cas.authenticator));
  expect(cas.members.map(({ name }) => name)).toEqual(['ada', 'dan', 'cas', 'eve']);
});

test('a refresh changes the keys and nobody else', async () => {
  const [ada, ben] = await three();
  const before = hex(await ben.exportBaseKey());
  const { staged } = await ada.refresh();
  if (!staged) throw new Error('nothing staged');
  expect(await ben.process(staged.commit, announce(ada, staged))).toMatchObject({
    kind: 'applied',
    added: [],
    removed: [],
  });
  await ada.apply(staged);
  expect(hex(await ben.exportBaseKey())).not.toBe(before);
  expect(hex(await ada.exportBaseKey())).toBe(hex(await ben.exportBaseKey()));
});

test('a staged commit changes nothing until it is applied; discarded, the next one is as good', async () => {
  const [ada, ben] = await three();
  const before = hex(ada.authenticator);
  const first = await ada.refresh();
  expect(hex(ada.authenticator)).toBe(before);
  if (first.staged) ada.discard(first.staged);
  const { staged } = await ada.refresh();
  if (!first.staged || !staged) throw new Error('nothing staged');
  await expect(ada.apply(first.staged)).rejects.toMatchObject({ code: 'stale-epoch' });
  expect(await ben.process(staged.commit, announce(ada, staged))).toMatchObject({ kind: 'applied' });
  await ada.apply(staged);
  expect(hex(ada.authenticator)).toBe(hex(ben.authenticator));
});

test('our own staged commit, come back, is applied; one that was dropped cannot be followed', async () => {
  const [ada] = await three();
  const { staged } = await ada.refresh();
  if (!staged) throw new Error('nothing staged');
  const epoch = ada.epoch;
  expect(await ada.process(staged.commit, announce(ada, staged))).toMatchObject({ kind: 'applied', epoch: epoch + 1n });
  const dropped = await ada.refresh();
  if (!dropped.staged) throw new Error('nothing staged');
  ada.discard(dropped.staged);
  expect(await ada.process(dropped.staged.commit, announce(ada, dropped.staged))).toEqual({
    ...{ kind: 'refused', reason: 'own-commit' },
  });
});

test('a commit for an epoch that is over is stale, one for an epoch to come is future', async () => {
  const [ada, ben, cas] = await three();
  const first = await commit(ada, [ben], {});
  const second = await commit(ada, [ben], {});
  expect(await cas.process(second.staged.commit, second.announced)).toEqual({ kind: 'future' });
  expect(await ben.process(first.staged.commit, first.announced)).toEqual({ kind: 'stale' });
  expect(await cas.process(first.staged.commit, first.announced)).toMatchObject({ kind: 'applied' });
  expect(await cas.process(second.staged.commit, second.announced)).toMatchObject({ kind: 'applied' });
  expect(hex(cas.authenticator)).toBe(hex(ben.authenticator));
});

test('a welcome works once', async () => {
  const [ada, ben, cas] = await three();
  const dan = await knock('dan');
  const { staged } = await commit(ada, [ben, cas], { adds: [dan] });
  const again = await dan.pending.join(staged.welcome ?? text(''));
  expect(again).toEqual({ kind: 'refused', reason: 'used' });
});

test('sealed messages open for everybody else, once, and say who sent them', async () => {
  const [ada, ben, cas] = await three();
  const sealed = await ada.seal(text('hello'));
  const opened = await ben.open(sealed);
  expect(opened).toMatchObject({ kind: 'opened', epoch: ada.epoch, sender: { name: 'ada', leaf: 0 } });
  expect(opened.kind === 'opened' && new TextDecoder().decode(opened.plaintext)).toBe('hello');
  expect(await ben.open(sealed)).toMatchObject({ kind: 'refused', reason: 'not-opened', presentEpoch: true });
  expect(await ada.open(sealed)).toMatchObject({ kind: 'refused', reason: 'own-message' });
  expect(await cas.open(sealed)).toMatchObject({ kind: 'opened' });
});

test('messages of one sender open in any order', async () => {
  const [ada, ben] = await three();
  const sealed = await Promise.all(['1', '2', '3', '4'].map((each) => ada.seal(text(each))));
  for (const each of sealed.toReversed()) expect(await ben.open(each)).toMatchObject({ kind: 'opened' });
});

test('messages of the last four epochs open, older ones and those to come do not', async () => {
  const [ada, ben, cas] = await three();
  const sealed: Uint8Array[] = [];
  for (let count = 0; count < 6; count += 1) {
    sealed.push(await ada.seal(text('late')));
    await commit(ada, [ben, ...(count < 5 ? [cas] : [])], {});
  }
  const outcomes = await Promise.all(sealed.map((each) => ben.open(each)));
  expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'refused', 'opened', 'opened', 'opened', 'opened']);
  const ahead = await ada.seal(text('ahead'));
  expect(await cas.open(ahead)).toEqual({ kind: 'refused', reason: 'future', presentEpoch: false });
});

test('a message opened while our own commit waits does not open again after it', async () => {
  const [ada, ben] = await three();
  const sealed = await ben.seal(text('once'));
  const { staged } = await ada.refresh();
  expect(await ada.open(sealed)).toMatchObject({ kind: 'opened' });
  if (staged) await ada.apply(staged);
  expect(await ada.open(sealed)).toMatchObject({ kind: 'refused' });
});

test('what a member said before it was removed does not open after it', async () => {
  const [ada, ben, cas] = await three();
  const sealed = await ben.seal(text('still here'));
  await commit(ada, [cas], { removes: [ben] });
  expect(await cas.open(sealed)).toMatchObject({ kind: 'refused', reason: 'too-old' });
});

test('a device that comes back takes the place of its old leaf in one commit', async () => {
  const [ada, ben, cas] = await three();
  const settings = await settingsOf('ben');
  const ghost = await knock('dan', { signatureKeys: settings.signatureKeys });
  const { joined } = await commit(ada, [ben, cas], { adds: [ghost] });
  const back = await knock('dan', { signatureKeys: settings.signatureKeys });
  const second = await commit(ada, [ben, cas], { adds: [back], removes: joined });
  expect(second.outcomes.map(({ kind }) => kind)).toEqual(['applied', 'applied']);
  expect(hex(second.joined[0]?.authenticator ?? text(''))).toBe(hex(cas.authenticator));
});

test('a closed group answers the network with outcomes', async () => {
  const [ada, ben] = await three();
  const sealed = await ada.seal(text('x'));
  ben.close();
  ben.close();
  expect(await ben.open(sealed)).toMatchObject({ kind: 'refused', reason: 'closed' });
  const { staged } = await ada.refresh();
  if (!staged) throw new Error('nothing staged');
  expect(await ben.process(staged.commit, announce(ada, staged))).toMatchObject({ kind: 'refused', reason: 'closed' });
});

async function three(): Promise<[Group, Group, Group]> {
  const [ada, ben, cas] = await groupOf('ada', 'ben', 'cas');
  if (!ada || !ben || !cas) throw new Error('not three');
  return [ada, ben, cas];
}
