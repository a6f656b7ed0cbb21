import type { ClientState } from 'ts-mls/clientState.js';
import { processPrivateMessage } from 'ts-mls/processMessages.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { expect, test } from 'vitest';
import { Group } from '../../../src/crypto/mls/index.ts';
import { commit, groupOf, hex, knock, ownMember, settingsOf } from './people.ts';
import { openedPathSecrets, privateMessageIn, RawMember } from './raw-member.ts';

/** Two groups, and two members whose keys lie open. */
async function room() {
  const ada = await Group.found(await settingsOf('ada'));
  const [eve, fay] = [await RawMember.create('eve'), await RawMember.create('fay')];
  const ben = await knock('ben');
  const { staged } = await ada.stage({ adds: [eve.candidate, fay.candidate, ben.candidate], removes: [] });
  if (!staged?.welcome) throw new Error('nothing staged');
  await ada.apply(staged);
  await eve.join(staged.welcome);
  await fay.join(staged.welcome);
  const joined = await ben.pending.join(staged.welcome);
  if (joined.kind === 'refused') throw new Error(joined.reason);
  return { ada, ben: joined.group, eve, fay };
}

async function removal(rest: { readonly withAdd: boolean }) {
  const { ada, ben, eve, fay } = await room();
  const cas = await knock('cas');
  const adds = rest.withAdd ? [cas.candidate] : [];
  const { staged } = await ada.stage({ adds, removes: [eve.settings.credential.memberId] });
  if (!staged) throw new Error('nothing staged');
  const announced = {
    committer: ownMember(ada).credential.memberId,
    added: rest.withAdd ? [cas.settings.credential] : [],
    removed: staged.removed,
  };
  const [thief, witness] = [eve.copy, fay.copy];
  for (const member of [ben, fay]) expect((await member.process(staged.commit, announced)).kind).toBe('applied');
  await ada.apply(staged);
  return { ada, ben, eve, fay, thief, witness, staged, announced };
}

test.each([{ withAdd: false }, { withAdd: true }])(
  'S9: no key of a removed member leads to the next secret: %o',
  async (rest) => {
    const { fay, thief, witness, staged } = await removal(rest);
    expect(await openedPathSecrets(witness, staged.commit, fay.library, fay.ground)).toBeGreaterThan(0);
    expect(await openedPathSecrets(thief, staged.commit, fay.library, fay.ground)).toBe(0);
  },
);

test.each([{ withAdd: false }, { withAdd: true }])(
  'a removed member that processes its removal is told so: %o',
  async (rest) => {
    const { eve, staged, announced } = await removal(rest);
    const exporter = hex(eve.library.keySchedule.exporterSecret);
    expect(await eve.process(staged.commit, announced)).toMatchObject({ kind: 'removed', committer: { name: 'ada' } });
    expect(hex(eve.library.keySchedule.exporterSecret)).toBe(exporter);
  },
);

test('a removed member opens nothing that is sealed after it, and nobody opens what it seals', async () => {
  const { ada, ben, eve, thief } = await removal({ withAdd: false });
  const sealed = await ada.seal(new TextEncoder().encode('without eve'));
  const opened = processPrivateMessage(thief, privateMessageIn(sealed), emptyPskIndex, eve.ground.suite);
  await expect(opened).rejects.toThrow();
  expect((await ben.open(sealed)).kind).toBe('opened');
});

test('S10: a newcomer opens nothing from before it came, and has none of the old secrets', async () => {
  const [ada, ben] = await groupOf('ada', 'ben');
  if (!ada || !ben) throw new Error('not two');
  const sealed = await ada.seal(new TextEncoder().encode('before'));
  const keyBefore = hex(await ada.exportBaseKey());
  const { joined, staged, announced } = await commit(ada, [ben], { adds: [await knock('cas')] });
  const [cas] = joined;
  expect(await cas?.open(sealed)).toMatchObject({ kind: 'refused', reason: 'too-old' });
  expect(await cas?.process(staged.commit, announced)).toEqual({ kind: 'stale' });
  expect(hex((await cas?.exportBaseKey()) ?? new Uint8Array())).not.toBe(keyBefore);
  expect((await ben.open(sealed)).kind).toBe('opened');
});

test('S11: whoever copied a device is out once that device has refreshed its keys', async () => {
  const { ada, ben, eve, fay } = await room();
  const [stolen, witness]: readonly ClientState[] = [eve.copy, fay.copy];
  const made = await eve.commit({});
  const announced = { committer: eve.settings.credential.memberId, added: [], removed: [] };
  for (const member of [ada, ben, fay]) expect((await member.process(made.commit, announced)).kind).toBe('applied');
  if (!stolen || !witness) throw new Error('no copies');
  expect(await openedPathSecrets(witness, made.commit, fay.library, fay.ground)).toBeGreaterThan(0);
  expect(await openedPathSecrets(stolen, made.commit, fay.library, fay.ground)).toBe(0);
});
