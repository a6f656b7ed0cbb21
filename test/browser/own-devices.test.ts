import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

let server: ConclaveServer;
let browser: Browser;

beforeAll(async () => {
  server = await openConclaveServer();
  browser = await openChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const banner = (person: Participant) => person.page.$('[data-banner="other-device"]');

test('a person comes in on a second device, and moves the call to it; who else is there stays', async () => {
  const link = server.inviteLink();
  const options = { width: 640, height: 480 };
  const home = await browser.createBrowserContext(); // tabs of one browser are devices of one person
  const laptop = await Participant.open(home, link, 'Ada', options);
  const bela = await Participant.open(await browser.createBrowserContext(), link, 'Béla', options);
  await laptop.join();
  await bela.join();
  await bela.sees('Ada');
  expect([await banner(laptop), await banner(bela)]).toEqual([null, null]);

  const phone = await Participant.open(home, link, 'Ada', { width: 390, height: 844 });
  await phone.join();
  await bela.sees('Ada', 'Ada');
  await until('the offer', () => banner(phone));
  expect(await banner(bela)).toBeNull();
  await phone.press('Move the call here');
  await laptop.page.waitForSelector('[data-screen=left][data-reason=moved]');
  expect(await laptop.texts('h1')).toEqual(['The call is on your other device now']);
  await bela.sees('Ada');
  await phone.sees('Béla');
  await until('no offer any more', async () => (await banner(phone)) === null);
  expect(await bela.page.$eval('[data-screen]', (screen) => screen.getAttribute('data-state'))).toBe('joined');
  expect([laptop, phone, bela].flatMap(({ errors }) => errors)).toEqual([]);
});
