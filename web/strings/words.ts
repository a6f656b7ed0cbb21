import type { en } from './en.ts';

/** The same words in any language: a text stays a text, whatever it says. */
type Said<T> = T extends string
  ? string
  : T extends (...values: never[]) => unknown
    ? T
    : { readonly [Key in keyof T]: Said<T[Key]> };

/** What a language has to have: all that English has. */
export type Words = Said<typeof en>;
