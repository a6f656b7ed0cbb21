import { expect, test } from 'vitest';
import { admissionOf, credentialOf } from './people.ts';

/** What others read when somebody with the link seals this as a name. */
async function read(name: string): Promise<string | undefined> {
  const admission = await admissionOf();
  const claim = { credential: credentialOf('ada'), signatureKey: new Uint8Array(32) };
  const sealed = (await admission.sealProfile?.(claim, name)) ?? new Uint8Array();
  return await admission.openProfile?.(claim, sealed);
}

test.each(['Ada', 'Béla Bartók', '李', '👩‍🚀 Sally', 'x'.repeat(64)])(
  'the name %s is read as it was given',
  async (name) => {
    expect(await read(name)).toBe(name);
  },
);

test.each([
  ['a line break', 'Ada\nverified'],
  ['a tabulator', 'Ada\t'],
  ['a line separator', 'Ada\u2028x'],
  ['a turn of the writing direction', 'Ada\u202egnp'],
  ['blanks only', '   '],
  ['nothing', ''],
])('a name with %s is no name: it could imitate what the page says', async (_, name) => {
  expect(await read(name)).toBeUndefined();
});

test('a name on another leaf does not open', async () => {
  const admission = await admissionOf();
  const signatureKey = new Uint8Array(32);
  const sealed = await admission.sealProfile?.({ credential: credentialOf('ada'), signatureKey }, 'Ada');
  const moved = admission.openProfile?.({ credential: credentialOf('eve'), signatureKey }, sealed ?? new Uint8Array());
  expect(await moved).toBeUndefined();
});
