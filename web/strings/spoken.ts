import { computed, signal } from '@preact/signals';
import { remember, remembered } from '../remembered.ts';
import { en } from './en.ts';
import { it } from './it.ts';
import { chooseLanguage, type Language } from './language.ts';
import type { Words } from './words.ts';

const KEY = 'conclave.language';

const WORDS: Readonly<Record<Language, Words>> = { en, it };

const chosen = signal<Language>(
  chooseLanguage(
    remembered(() => localStorage, KEY),
    globalThis.navigator?.languages ?? [],
  ),
);

/** The words of the language that is spoken now. */
export const words = computed<Words>(() => WORDS[chosen.value]);

/** The language of the page, now. */
export const language = computed<Language>(() => chosen.value);

/** From now on, and the next time here. */
export function speak(choice: Language): void {
  chosen.value = choice;
  remember(() => localStorage, KEY, choice);
}

type Tables = { [Key in keyof Words as Words[Key] extends (...values: never[]) => unknown ? never : Key]: Words[Key] };

/** A table of words, looked up when it is read and not before: what shows it is drawn anew in another language. */
export function spoken<Name extends keyof Tables>(name: Name): Words[Name] {
  const read: ProxyHandler<Words[Name]> = { get: (_, key) => Reflect.get(words.value[name], key) };
  return new Proxy(WORDS.en[name], read);
}
