import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';

let server: ConclaveServer;
let browser: Browser;

beforeAll(async () => {
  server = await openConclaveServer();
  browser = await openChromium('--accept-lang=it-IT,it,en-US,en');
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('who reads Italian gets to a call, and out of it, in Italian', async () => {
  const page = await browser.newPage();
  const press = (name: string) => page.locator(`button::-p-aria([name="${name}"][role="button"])`).click();
  await page.goto(server.inviteLink());
  await page.locator('::-p-aria([name="Il tuo nome"])').fill('Ada');
  expect(await page.$eval('html', ({ lang }) => lang)).toBe('it');
  await press('Entra');
  await page.waitForSelector('[data-screen=call][data-state=joined]');
  await press('Alza la mano');
  await press('Abbassa la mano');
  await press('Esci');
  await page.waitForSelector('[data-screen=left]');
  expect(await page.$eval('h1', ({ textContent }) => textContent)).toBe('Hai lasciato la chiamata');
});
