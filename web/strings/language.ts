/** Each by its own name, for those who look for it. */
export const LANGUAGES = { en: 'English', it: 'Italiano' } as const;

export type Language = keyof typeof LANGUAGES;

const isLanguage = (code: string): code is Language => Object.hasOwn(LANGUAGES, code);

/**
 * What was chosen here before; else the first language we have of those that the browser asks for (BCP 47, dearest
 * first); else English.
 */
export function chooseLanguage(chosen: string | undefined, asked: readonly string[]): Language {
  const wanted = [chosen ?? '', ...asked.map((tag) => tag.toLowerCase().split('-')[0] ?? '')];
  return wanted.find(isLanguage) ?? 'en';
}
