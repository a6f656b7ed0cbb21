import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** A page of the messenger: it finds `conclave/client` by this package's own `exports`. */
const PAGE = join(ROOT, 'page.ts');

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  customConditions: ['conclave-source'], // needs no build
  allowImportingTsExtensions: true,
  strict: true,
  skipLibCheck: true,
  types: [],
  noEmit: true,
};

const examples = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(
  (match) => match[1] ?? '',
);

/** What the compiler says against `text`, were it that page. */
function complaints(text: string): readonly string[] {
  const host = ts.createCompilerHost(OPTIONS);
  const page = ts.createSourceFile(PAGE, text, ts.ScriptTarget.ES2023, true);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (path) => path === PAGE || fileExists(path);
  host.getSourceFile = (path, ...rest) => (path === PAGE ? page : getSourceFile(path, ...rest));
  const program = ts.createProgram([PAGE], OPTIONS, host);
  const found = [...program.getSyntacticDiagnostics(page), ...program.getSemanticDiagnostics(page)];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('the README has one example, under twenty lines', () => {
  expect(examples).toHaveLength(1);
  expect(examples[0]?.trimEnd().split('\n').length).toBeLessThan(20);
});

test('it compiles against the SDK', () => {
  expect(complaints(examples[0] ?? '')).toEqual([]);
});

test('one that is wrong does not', () => {
  expect(complaints("import { Call } from 'conclave/client';\nnew Call({ name: 'Ada' });")).toHaveLength(1);
});
