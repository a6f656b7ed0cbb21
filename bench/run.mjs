// `npm run bench -- <name> [--quick] [--json FILE]`: builds bench/<name>.ts and runs it in this process.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { browserPath } from '../scripts/setup/browser.mjs';
import { prepare } from '../scripts/setup/prepare.mjs';
import { reportAndExit } from '../scripts/setup/report.mjs';

const root = join(import.meta.dirname, '..');
const [name = ''] = process.argv.slice(2);
const source = join(import.meta.dirname, `${name}.ts`);
if (!/^[a-z-]+$/.test(name) || !existsSync(source)) {
  console.error(`npm run bench -- <name> [--quick] [--json FILE], where name is one of: ${names().join(', ')}`);
  process.exit(2);
}

await prepare(root, process.env).catch(reportAndExit);
process.env.CONCLAVE_CHROMIUM = await browserPath(process.env).catch(reportAndExit);
const { build } = await import('vite'); // not before its package is installed
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: { ssr: source, outDir: join(root, 'dist', 'bench'), emptyOutDir: false, target: 'node20' },
});
await import(pathToFileURL(join(root, 'dist', 'bench', `${name}.js`)).href);

/** A bench is a file here that imports the report. */
function names() {
  return readdirSync(import.meta.dirname)
    .filter(
      (file) =>
        file.endsWith('.ts') && readFileSync(join(import.meta.dirname, file), 'utf8').includes("from './report.ts'"),
    )
    .map((file) => file.slice(0, -'.ts'.length));
}
