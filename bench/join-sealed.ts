/*
 * From the click on Join to the first opened and decoded picture, in calls of 2, 10 and 50: of somebody who is there already, in
 * a real browser, through the real server. The one who is seen is a browser too and makes the
 * commits; all others are in a process of their own (crowd.ts) and have no media.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'puppeteer-core';
import { watchFirstPicture } from '../test/browser/first-picture.ts';
import { Participant } from '../test/browser/participant.ts';
import { openChromium } from '../test/support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../test/support/conclave-server.ts';
import { joinCrowd } from '../test/support/crowd.ts';
import { benchOptions, percentile, report } from './report.ts';

/** People in the call before each join. */
const SIZES = [2, 10, 50];
const JOINS = { quick: 3, full: 20 };

/** Members beyond these have real leaves, and only say that they reached each epoch: two cores carry no more. */
const LIVE = 12;

const [, , crowdLink, crowdSize] = process.argv;
if (process.send && crowdLink && crowdSize) await crowd(crowdLink, Number(crowdSize));
else await bench();

/** Joins that many, says so, and stays until the parent is gone. */
async function crowd(link: string, size: number): Promise<void> {
  await joinCrowd(link, { live: Math.min(LIVE, size), silent: Math.max(0, size - LIVE) });
  process.once('disconnect', () => process.exit());
  process.send?.('joined');
}

async function bench(): Promise<void> {
  const options = benchOptions();
  const joins = options.quick ? JOINS.quick : JOINS.full;
  const server = await openConclaveServer();
  const browser = await openChromium();
  try {
    const figures: Record<string, unknown> = { joins, live_members_at_most: LIVE };
    for (const size of SIZES) Object.assign(figures, await measure(size, { server, browser, joins }));
    report('join-sealed', figures, options);
  } finally {
    await browser.close();
    await server.close();
  }
}

interface Place {
  readonly server: ConclaveServer;
  readonly browser: Browser;
  readonly joins: number;
}

async function measure(size: number, { server, browser, joins }: Place): Promise<Record<string, unknown>> {
  const link = server.inviteLink();
  const context = await browser.createBrowserContext();
  const resident = await Participant.open(context, link, 'Resident', { width: 640, height: 480 });
  await resident.join();
  const others = fork(fileURLToPath(import.meta.url), [link, `${size - 1}`]);
  await once(others, 'message');

  const timesMs: number[] = [];
  for (let join = 0; join < joins; join += 1) {
    const joinerContext = await browser.createBrowserContext();
    const joiner = await Participant.open(joinerContext, link, 'Joiner', {
      width: 640,
      height: 480,
      prepare: watchFirstPicture,
    });
    await joiner.join();
    const handle = await joiner.page.waitForFunction(() => window.joinToFirstFrameMs);
    timesMs.push(Math.round((await handle.jsonValue()) ?? Number.NaN));
    await joinerContext.close();
  }
  others.disconnect();
  await once(others, 'exit');
  await context.close();
  return {
    [`p50_ms_at_${size}`]: percentile(timesMs, 0.5),
    [`p95_ms_at_${size}`]: percentile(timesMs, 0.95),
    [`times_ms_at_${size}`]: timesMs,
  };
}
