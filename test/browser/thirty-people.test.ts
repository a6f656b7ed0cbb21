import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bot } from '../bot/bot.ts';
import { Camera } from '../bot/camera.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { inBatches } from '../support/in-batches.ts';
import { until } from '../support/until.ts';
import { graveFindings } from './axe-findings.ts';
import { Participant } from './participant.ts';

const OTHERS = Array.from({ length: 29 }, (_, index) => `Person ${String(index + 1).padStart(2, '0')}`);

/** Those with a picture: some on each page, as many as two cores carry. */
const isFilmed = (name: string) => Number(name.slice(-2)) % 6 === 0;

/** So many come through the door at once. */
const AT_ONCE = 6;

let server: ConclaveServer;
let browser: Browser;
let bots: readonly Bot[] = [];
let link: string;

beforeAll(async () => {
  server = await openConclaveServer();
  browser = await openChromium();
  link = server.inviteLink();
  bots = await inBatches(OTHERS, AT_ONCE, (name) =>
    Bot.join(link, { name, ...(isFilmed(name) && { camera: new Camera({ layers: 1 }) }) }),
  );
}, 120_000);

afterAll(async () => {
  for (const bot of bots) bot.close();
  await browser?.close();
  await server?.close();
});

test('of thirty people every one is on one page, and who is filmed moves there', async () => {
  const ada = await Participant.open(await browser.createBrowserContext(), link, 'Ada', { width: 800, height: 600 });
  await ada.join();
  await until('all are there', async () => (await ada.page.$('[data-screen=call][data-people="30"]')) !== null);

  const met: string[] = [];
  const pages = await pagesOf(ada);
  expect(pages).toBeGreaterThan(2);
  for (let page = 1; page <= pages; page += 1) {
    if (page > 1) await ada.press('Next page');
    await ada.page.waitForSelector(`[data-page="${page}"]`);
    await until(`who is filmed moves on page ${page}, and nobody else`, async () =>
      (await ada.tiles()).every(({ name, playing }) => playing === isFilmed(name)),
    );
    met.push(...(await ada.tiles()).map(({ name }) => name));
  }
  expect([...met].sort()).toEqual(OTHERS);

  for (let page = pages - 1; page >= 1; page -= 1) await ada.press('Previous page');
  await ada.page.waitForSelector('[data-page="1"]');
  const first = (await ada.tiles()).map(({ name }) => name);
  expect(met.slice(0, first.length)).toEqual(first);

  await ada.page.click('[data-control=security]');
  await until('all are in the list', async () => (await ada.texts('.member')).length === 30);
  expect(await graveFindings(ada.page)).toEqual([]); // here the list is longer than its place
  expect(ada.errors).toEqual([]);
});

/** `Page 1 of 4`, as it is read out. */
async function pagesOf(person: Participant): Promise<number> {
  const [label = ''] = await person.texts('[data-page] .unseen');
  return Number(label.split(' ').at(-1));
}
