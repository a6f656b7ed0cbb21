// `npm run load -- [options]`: builds the load driver and runs it in this process. `--help` says the options.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { built } from '../scripts/built.mjs';
import { browserPath } from '../scripts/setup/browser.mjs';
import { buildAll } from '../scripts/setup/build.mjs';
import { installPackages } from '../scripts/setup/packages.mjs';
import { reportAndExit } from '../scripts/setup/report.mjs';
import { workerPath } from '../scripts/setup/worker.mjs';

const root = join(import.meta.dirname, '..');
await installPackages(root).catch(reportAndExit);
await buildAll(root).catch(reportAndExit); // the wire format is generated there
const [main = '', bots = '', rtpEnds = ''] = await built(root, 'load', ['main', 'bots', 'rtp-ends']);
/** @type {typeof import('./main.ts')} */
const driver = await import(pathToFileURL(main).href);
process.exitCode = await driver
  .main(process.argv.slice(2), {
    worker: () => workerPath(root, process.env),
    browser: () => browserPath(process.env),
    bots,
    rtpEnds,
  })
  .catch(reportAndExit);
