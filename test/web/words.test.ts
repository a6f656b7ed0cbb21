import { expect, test } from 'vitest';
import type { Source } from '../../src/client/index.ts';
import { en } from '../../web/strings/en.ts';
import { it } from '../../web/strings/it.ts';
import type { Words } from '../../web/strings/words.ts';

const SPOKEN: readonly (readonly [string, Words])[] = [
  ['English', en],
  ['Italian', it],
];

/** Every text of a table of words, by its path. */
function texts(words: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof words === 'string') return [[path, words]];
  if (typeof words !== 'object' || words === null) return [];
  return Object.entries(words).flatMap(([key, value]) => texts(value, `${path}.${key}`));
}

/** Texts that are the same in both languages, and are meant to be. */
const SAME = [
  '.STRINGS.product',
  '.STRINGS.controls.chat',
  '.STRINGS.people.volume',
  '.STRINGS.chat.title',
  '.STRINGS.recording.short',
];

test('both languages say the same things', () => {
  expect(texts(it).map(([path]) => path)).toEqual(texts(en).map(([path]) => path));
  expect(Object.keys(it).sort()).toEqual(Object.keys(en).sort());
});

test.each(SPOKEN)('no text in %s is empty, or wears blanks at its ends', (_, words) => {
  for (const [path, text] of texts(words)) {
    expect(text, path).not.toBe('');
    expect(text.trim(), path).toBe(text);
  }
});

test('what was forgotten in English shows', () => {
  const english = new Map(texts(en));
  const forgotten = texts(it).filter(([path, text]) => english.get(path) === text && !path.endsWith('.emoji'));
  expect(forgotten.map(([path]) => path)).toEqual(SAME);
});

test('a reaction is the same picture in both', () => {
  expect(it.REACTIONS.map(({ emoji }) => emoji)).toEqual(en.REACTIONS.map(({ emoji }) => emoji));
});

test.each(SPOKEN)('in %s every trouble with a device has a sentence', (_, words) => {
  const sources: readonly Source[] = ['microphone', 'camera', 'screen', 'screen-audio'];
  const problems = ['missing', 'in-use', 'lost', 'insecure', 'forbidden', 'failed'] as const;
  for (const source of sources) {
    for (const problem of problems) expect(words.deviceNotice({ source, problem })).toMatch(/^\p{Lu}.*\.$/u);
  }
  expect(words.deviceNotice({ source: 'screen', problem: 'refused' })).toBeUndefined();
});

test.each(SPOKEN)('in %s every way that a code fails has a sentence, which names who failed', (_, words) => {
  const reasons = ['wrong-share', 'left-out', 'share-missing', 'nobody-answered', 'given-up', 'epoch-changed'] as const;
  for (const reason of reasons) expect(words.abortNotice(reason, [])).toMatch(/^\p{Lu}.*\.$/u);
  expect(words.abortNotice('left-out', ['Ada', 'Béla'])).toContain('Ada, Béla');
});

test('Italian agrees: participles with their noun, verbs with the number', () => {
  expect(it.deviceNotice({ source: 'camera', problem: 'refused' })).toMatch(/^La tua videocamera è bloccata /);
  expect(it.deviceNotice({ source: 'microphone', problem: 'lost' })).toMatch(/^Il tuo microfono si è scollegato\./);
  expect(it.deviceNotice({ source: 'screen-audio', problem: 'in-use' })).toMatch(
    /sta usando l’audio del tuo schermo\./,
  );
  expect(it.abortNotice('left-out', ['Ada'])).toBe('Ada non ha fatto in tempo per il codice.');
  expect(it.abortNotice('left-out', ['Ada', 'Béla'])).toBe('Ada, Béla non hanno fatto in tempo per il codice.');
  expect(it.listenersLabel(1)).toBe('1 in ascolto');
});
