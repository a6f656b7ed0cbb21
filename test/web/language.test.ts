import { expect, test } from 'vitest';
import { chooseLanguage } from '../../web/strings/language.ts';

test.each([
  ['what was chosen counts most', 'it', ['en-US'], 'it'],
  ['else what the browser asks for first', undefined, ['it-IT', 'en'], 'it'],
  ['a region is no other language', undefined, ['IT-ch'], 'it'],
  ['the first that we have', undefined, ['de-DE', 'rm', 'it', 'en'], 'it'],
  ['English before Italian where it is asked for first', undefined, ['en-GB', 'it'], 'en'],
  ['English where we have none of them', undefined, ['de', 'ja-JP'], 'en'],
  ['English where nothing is asked for', undefined, [], 'en'],
  ['what is no language of ours was not chosen', 'xx', ['it'], 'it'],
  ['nor is a word that every object has', 'constructor', ['toString-XX'], 'en'],
] as const)('%s', (_, chosen, asked, language) => {
  expect(chooseLanguage(chosen, asked)).toBe(language);
});
