import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fitWindow } from '../../load/fit-window.ts';
import { othersShown, tileHeightPx } from '../../load/layout.ts';
import { Participant } from '../browser/participant.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { NodeMember } from '../support/node-member.ts';
import { until } from '../support/until.ts';

/** More than the largest of the layouts below has tiles for. */
const OTHERS = 7;

let server: ConclaveServer;
let browser: Browser;
let ada: Participant;
const others: NodeMember[] = [];

beforeAll(async () => {
  server = await openConclaveServer();
  browser = await openChromium();
  const link = server.inviteLink();
  ada = await Participant.open(await browser.createBrowserContext(), link, 'Ada');
  await ada.join();
  for (let index = 0; index < OTHERS; index += 1) others.push(await NodeMember.join(link, `Other ${index}`));
  // Buttons to turn pages come with the last of them, and take of the grid's height.
  const seen = () => ada.page.evaluate(() => window.conclave?.roster.peers.length);
  await until('Ada knows of all', async () => (await seen()) === OTHERS && (await ada.tiles()).length > 0);
});

afterAll(async () => {
  for (const other of others) other.close();
  await browser?.close();
  await server?.close();
});

test.each([
  { columns: 3, rows: 2 },
  { columns: 2, rows: 2 },
  { columns: 2, rows: 1 },
])('a window fits $columns x $rows tiles, about as high as those of bots', async (layout) => {
  await until('the grid', async () => {
    await fitWindow(ada.page, layout); // again, should the page still have been moving
    return (await ada.tiles()).length === othersShown(layout);
  });
  const heightPx = await ada.page.$eval('[data-tile=peer]', async (tile) => {
    await Promise.allSettled(tile.getAnimations().map(({ finished }) => finished)); // it is on the way to its place
    return tile.clientHeight * devicePixelRatio;
  });
  expect(heightPx / tileHeightPx(layout)).toBeGreaterThan(0.85);
  expect(heightPx / tileHeightPx(layout)).toBeLessThan(1.45);
});
