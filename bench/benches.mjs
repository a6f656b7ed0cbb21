import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Every bench of this folder: a file that imports the report. What it measures is the beginning of the comment at its head.
 *
 * @returns {{ readonly name: string, readonly measures: string }[]}
 */
export function benches() {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({
      name: file.slice(0, -'.ts'.length),
      source: readFileSync(join(import.meta.dirname, file), 'utf8'),
    }))
    .filter(({ source }) => /import \{[^}]*\breport\b[^}]*\} from '\.\/report\.ts'/.test(source))
    .map(({ name, source }) => ({ name, measures: headOf(source) }));
}

/**
 * Up to the first colon, semicolon or full stop.
 *
 * @param {string} source
 */
function headOf(source) {
  const comment = /^\/\*\n?([\s\S]*?)\*\//.exec(source)?.[1] ?? '';
  const text = comment
    .replace(/\n \* ?/g, ' ')
    .replace(/^ ?\* ?/, '')
    .trim();
  return /^.*?(?=[:;.](?: |$))/.exec(text)?.[0] ?? text;
}
