/*
 * From the click on Join to the first picture of somebody who is in the call already: in a real browser, through the real
 * server, on one machine. Devices are on before the click, as they are for a person in the lobby.
 */
import { watchFirstPicture } from '../test/browser/first-picture.ts';
import { Participant } from '../test/browser/participant.ts';
import { openChromium } from '../test/support/chromium.ts';
import { openConclaveServer } from '../test/support/conclave-server.ts';
import { benchOptions, percentile, report } from './report.ts';

const options = benchOptions();
const joins = options.quick ? 5 : 20;

const server = await openConclaveServer();
const browser = await openChromium();
try {
  const link = server.inviteLink();
  const resident = await Participant.open(await browser.createBrowserContext(), link, 'Resident');
  await resident.join();

  const timesMs: number[] = [];
  for (let join = 0; join < joins; join += 1) {
    const context = await browser.createBrowserContext();
    const joiner = await Participant.open(context, link, 'Joiner', { prepare: watchFirstPicture });
    await joiner.join();
    const handle = await joiner.page.waitForFunction(() => window.joinToFirstFrameMs);
    timesMs.push((await handle.jsonValue()) ?? Number.NaN);
    await context.close();
  }
  const rounded = timesMs.map(Math.round);
  const figures = { joins, p50_ms: percentile(rounded, 0.5), p95_ms: percentile(rounded, 0.95), times_ms: rounded };
  report('join-time', figures, options);
} finally {
  await browser.close();
  await server.close();
}
