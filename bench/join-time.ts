import type { Page } from 'puppeteer-core';
import { Participant } from '../test/browser/participant.ts';
import { openChromium } from '../test/support/chromium.ts';
import { openConclaveServer } from '../test/support/conclave-server.ts';
import { benchOptions, percentile, report } from './report.ts';

/*
 * From the click on Join to the first picture of somebody who is in the call already, in a real browser, through the real
 * server, on one machine. Devices are on before the click, as they are for a person in the lobby.
 */

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
    const joiner = await Participant.open(context, link, 'Joiner', { prepare: (page) => watchFirstFrame(page) });
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

declare global {
  interface Window {
    joinToFirstFrameMs?: number;
  }
}

/** Runs in the page, so that neither the click's way nor the answer's way is measured. */
async function watchFirstFrame(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    let joinedAtMs = 0;
    addEventListener(
      'click',
      ({ target }) => {
        if (target instanceof Element && target.closest('button')?.textContent?.includes('Join'))
          joinedAtMs = performance.now();
      },
      { capture: true },
    );
    const watched = new WeakSet<HTMLVideoElement>();
    new MutationObserver(() => {
      const video = document.querySelector<HTMLVideoElement>('[data-tile=peer] video');
      if (!video || watched.has(video)) return;
      watched.add(video);
      video.requestVideoFrameCallback(() => {
        window.joinToFirstFrameMs ??= performance.now() - joinedAtMs;
      });
    }).observe(document, { subtree: true, childList: true });
  });
}
