import type { Browser, Page } from 'puppeteer-core';
import type { ConclaveServer } from '../support/conclave-server.ts';
import { NodeMember } from '../support/node-member.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

/** Pictures to wait for after each change: senders go over to a new key up to 1.5 s after it. */
const PICTURES_AFTER = 60;

const SMALL = { width: 320, height: 240 };
const LARGE = { width: 1600, height: 1700 };

declare global {
  interface Window {
    pictures?: { count: number; largestGapMs: number; lastMs: number };
  }
}

/** The longest that the picture stood still, in milliseconds, for each time that something changed. */
export interface PictureGaps {
  readonly quiet: readonly number[];
  readonly joins: readonly number[];
  readonly leaves: readonly number[];
  readonly layers: readonly number[];
}

/** Béla watches Ada while others come and go and while his window changes its size, so often each. */
export async function measurePictureGaps(
  { inviteLink }: ConclaveServer,
  browser: Browser,
  times: number,
): Promise<PictureGaps> {
  const link = inviteLink();
  const context = await browser.createBrowserContext();
  const ada = await Participant.open(context, link, 'Ada', SMALL);
  const bela = await Participant.open(await browser.createBrowserContext(), link, 'Béla', LARGE);
  await ada.join();
  await bela.press('Turn camera off');
  await bela.join();
  await bela.sees('Ada');
  const height = async () => (await bela.inbound('video'))[0]?.frameHeight ?? 0;
  await until('a large tile gets a larger layer', async () => (await height()) >= 360);
  await bela.page.evaluate(watchPictures);

  const quiet = await repeat(times, () => gapDuring(bela.page, async () => undefined));
  const joins: number[] = [];
  const leaves: number[] = [];
  for (let time = 0; time < times; time += 1) {
    let guest: NodeMember | undefined;
    joins.push(
      await gapDuring(bela.page, async () => {
        guest = await NodeMember.join(link, `Guest ${time}`);
      }),
    );
    leaves.push(await gapDuring(bela.page, async () => guest?.close()));
  }
  const layers = await repeat(times, async (time) => {
    const toSmall = time % 2 === 0;
    return await gapDuring(bela.page, async () => {
      await bela.page.setViewport(toSmall ? SMALL : LARGE);
      await until('another layer', async () => (toSmall ? (await height()) === 180 : (await height()) >= 360));
    });
  });
  await ada.page.close();
  await bela.page.close();
  return { quiet, joins, leaves, layers };
}

async function repeat(times: number, measure: (time: number) => Promise<number>): Promise<number[]> {
  const gaps: number[] = [];
  for (let time = 0; time < times; time += 1) gaps.push(await measure(time));
  return gaps;
}

async function gapDuring(page: Page, change: () => Promise<unknown>): Promise<number> {
  const before = await page.evaluate(() => {
    if (!window.pictures) return 0;
    window.pictures.largestGapMs = 0;
    return window.pictures.count;
  });
  await change();
  const after = await page.evaluate(() => window.pictures?.count ?? 0);
  const wanted = Math.max(after, before) + PICTURES_AFTER;
  await until('the picture moves', () => page.evaluate((count) => (window.pictures?.count ?? 0) >= count, wanted));
  return Math.round(await page.evaluate(() => window.pictures?.largestGapMs ?? Number.NaN));
}

/** Runs in the page: counts the pictures of the first tile that shows any, and keeps the longest time between two. */
function watchPictures(): void {
  const video = document.querySelector<HTMLVideoElement>('[data-tile=peer] video[data-on=true]');
  if (!video) throw new Error('nobody is seen');
  const pictures = { count: 0, largestGapMs: 0, lastMs: performance.now() };
  window.pictures = pictures;
  const shown = (nowMs: number) => {
    pictures.count += 1;
    pictures.largestGapMs = Math.max(pictures.largestGapMs, nowMs - pictures.lastMs);
    pictures.lastMs = nowMs;
    video.requestVideoFrameCallback(shown);
  };
  video.requestVideoFrameCallback(shown);
}
