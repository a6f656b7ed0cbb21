// `npm run bench -- <name> [--quick] [--json FILE]`: builds bench/<name>.ts and runs it in this process.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { built } from '../scripts/built.mjs';
import { browserPath } from '../scripts/setup/browser.mjs';
import { installPackages } from '../scripts/setup/packages.mjs';
import { prepare } from '../scripts/setup/prepare.mjs';
import { reportAndExit } from '../scripts/setup/report.mjs';
import { benches } from './benches.mjs';

const USAGE = `npm run bench -- <name> [--quick] [--json FILE]
npm run bench -- compare OLD NEW
  two results that were written with --json, or kept in bench/results

--quick takes a minute at most, once everything is set up. The names:
`;

const root = join(import.meta.dirname, '..');
const [name = ''] = process.argv.slice(2);
const known = benches();
if (name === 'compare') {
  await installPackages(root).catch(reportAndExit);
} else if (known.some((bench) => bench.name === name)) {
  await prepare(root, process.env).catch(reportAndExit);
  process.env.CONCLAVE_CHROMIUM = await browserPath(process.env).catch(reportAndExit);
} else {
  const width = Math.max(...known.map((bench) => bench.name.length));
  const lines = known.map((bench) => `  ${bench.name.padEnd(width)}  ${bench.measures}`);
  console.error(`${USAGE}${lines.join('\n')}`);
  process.exit(2);
}

const [program = ''] = await built(root, 'bench', [name]);
await import(pathToFileURL(program).href);
