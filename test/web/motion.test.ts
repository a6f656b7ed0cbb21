import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const STYLE = new URL('../../web/style/', import.meta.url);
const SHEETS = readdirSync(STYLE).filter((name) => name.endsWith('.css'));

/** What may fade for everybody: it changes, and does not move. */
const FADES = new Set(['opacity', 'background', 'background-color', 'color', 'border-color', 'box-shadow', 'none']);

/** Declarations with the conditions (`@media ...`) that they stand under. Enough of CSS for sheets of ours. */
function declarations(css: string): readonly { readonly under: string; readonly text: string }[] {
  const open: string[] = [];
  const found: { under: string; text: string }[] = [];
  for (const [, text = '', end] of css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{};]*)([{};])/g)) {
    if (end === '{') open.push(text.trim());
    else if (text.trim() !== '') found.push({ under: open.join(' '), text: text.trim().replace(/\s+/g, ' ') });
    if (end === '}') open.pop();
  }
  return found;
}

/** Those that move something for people who asked for less motion. */
function moving(css: string): readonly string[] {
  return declarations(css)
    .filter(({ under }) => !under.includes('prefers-reduced-motion: no-preference'))
    .map(({ text }) => text)
    .filter((text) => {
      const [, property = '', value = ''] = /^(\S+?)\s*:\s*(.*)$/.exec(text) ?? [];
      if (property === 'animation' || property === 'animation-name') return value !== 'none';
      if (property === 'scroll-behavior') return value === 'smooth';
      return (
        property.startsWith('transition') &&
        !value.split(',').every((each) => FADES.has(each.trim().split(' ')[0] ?? ''))
      );
    });
}

test.each([
  ['.a { animation: turn 1s infinite; }', ['animation: turn 1s infinite']],
  ['@media (prefers-reduced-motion: no-preference) { .a { animation: turn 1s; } }', []],
  ['.a { transition: background 0.15s, opacity 1s }', []],
  ['.a { transition: opacity 1s, transform 1s; }', ['transition: opacity 1s, transform 1s']],
  ['/* animation: x; */ .a:hover { scroll-behavior: smooth; }', ['scroll-behavior: smooth']],
] as const)('%s', (css, found) => {
  expect(moving(css)).toEqual(found);
});

test.each(SHEETS)('nothing in %s moves for who asked for less motion', (name) => {
  expect(moving(readFileSync(new URL(name, STYLE), 'utf8'))).toEqual([]);
});
