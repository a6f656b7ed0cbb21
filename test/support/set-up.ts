import { fileURLToPath } from 'node:url';
import { browserPath } from '../../scripts/setup/browser.mjs';
import { prepare } from '../../scripts/setup/prepare.mjs';

/** What the tests need besides the code: the built page, a worker and a browser. Done already when `npm test` calls. */
export async function setup(): Promise<void> {
  await prepare(fileURLToPath(new URL('../..', import.meta.url)), process.env);
  process.env.CONCLAVE_CHROMIUM = await browserPath(process.env);
}
