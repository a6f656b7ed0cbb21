/** Markup of ours, with nothing of anybody else's in it that was not escaped. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[];

/** A template whose values are text, unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.reduce((all, string, at) => all + markupOf(parts[at - 1] ?? '') + string) };
}

/** Text of ours that is no markup at all, such as a script. */
export const verbatim = (text: string): Markup => ({ markup: text });

function markupOf(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escaped(`${part}`);
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
