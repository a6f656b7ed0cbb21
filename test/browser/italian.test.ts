import type { Browser, Page } from 'puppeteer-core';
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

const press = (page: Page, name: string) => page.locator(`button::-p-aria([name="${name}"][role="button"])`).click();
const languageOf = (page: Page) => page.$eval('html', ({ lang }) => lang);
const heading = (page: Page) => page.$eval('h1', ({ textContent }) => textContent);

test('who reads Italian gets to a call, and out of it, in Italian', async () => {
  const page = await browser.newPage();
  await page.goto(server.inviteLink());
  await page.locator('::-p-aria([name="Il tuo nome"])').fill('Ada');
  expect(await languageOf(page)).toBe('it');
  await press(page, 'Entra');
  await page.waitForSelector('[data-screen=call][data-state=joined]');
  await press(page, 'Alza la mano');
  await press(page, 'Abbassa la mano');
  await press(page, 'Esci');
  await page.waitForSelector('[data-screen=left]');
  expect(await heading(page)).toBe('Hai lasciato la chiamata');
  await page.close();
});

test('one press speaks English, loses nothing that was typed, and is remembered', async () => {
  const page = await browser.newPage();
  await page.goto(server.inviteLink());
  await page.locator('::-p-aria([name="Il tuo nome"])').fill('Béla');
  await press(page, 'English');
  await page.waitForSelector('::-p-aria([name="Your name"])');
  expect(await page.$eval('[name=name]', (input) => (input as HTMLInputElement).value)).toBe('Béla');
  expect([await languageOf(page), await heading(page)]).toEqual(['en', 'Ready to join?']);

  await page.goto(server.origin);
  await page.waitForSelector('[data-screen=start]');
  expect(await heading(page)).toBe('Calls that stay between you');
  await press(page, 'Italiano');
  await page.waitForSelector('html[lang=it]');
  expect(await heading(page)).toBe('Chiamate che restano tra voi');
  await page.close();
});
