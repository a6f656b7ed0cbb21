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

test('a lobby shows oneself and hears oneself before anybody else does', async () => {
  const ada = await Participant.open(await browser.createBrowserContext(), server.inviteLink(), 'Ada');
  await until('she sees herself', () =>
    ada.page.$eval('[data-screen=lobby] video', (video) => video.videoWidth > 0 && !video.paused),
  );
  await until('the meter moves', () => ada.page.$eval('meter', ({ value }) => value > 0));
  expect(server.signaling.sessions).toBe(0);
  await ada.page.close();
});

test('who was here before is two clicks from a call; who has the link is one', async () => {
  const home = await browser.createBrowserContext();
  const ada = await Participant.open(home, server.inviteLink(), 'Ada');
  await ada.join(); // types her name, once for all
  await ada.leave();
  await ada.press('Start page');
  await ada.page.waitForSelector('[data-screen=start]');

  await ada.press('New call');
  await ada.press('Join');
  await ada.page.waitForSelector('[data-screen=call][data-state=joined]');
  expect(ada.page.url()).toMatch(/\/call\/[\w-]{22}#k=[\w-]{22}$/);

  const bela = await Participant.open(await browser.createBrowserContext(), ada.page.url(), 'Béla');
  await bela.join();
  await bela.sees('Ada');

  await bela.leave();
  await bela.page.goto(ada.page.url());
  await bela.press('Join');
  await bela.sees('Ada');
  await ada.sees('Béla');
  expect([...ada.errors, ...bela.errors]).toEqual([]);
});

test('the keys do what the buttons do, and whoever has no mouse gets in and out', async () => {
  const ada = await Participant.open(await browser.createBrowserContext(), server.inviteLink(), 'Ada');
  const { keyboard } = ada.page;
  const tabTo = async (name: string) =>
    until(`the focus is on ${name}`, async () => {
      await keyboard.press('Tab');
      return ada.page.evaluate((wanted) => {
        const { activeElement } = document;
        return [
          activeElement?.getAttribute('aria-label'),
          activeElement?.textContent,
          activeElement?.getAttribute('name'),
        ].includes(wanted);
      }, name);
    });
  await tabTo('name');
  await keyboard.type('Ada');
  await keyboard.press('Enter');
  await ada.page.waitForSelector('[data-screen=call][data-state=joined]');
  for (const [key, label] of [
    ['m', 'Turn microphone on'],
    ['v', 'Turn camera on'],
    ['h', 'Lower hand'],
  ] as const) {
    await keyboard.press(key);
    await ada.page.waitForSelector(`[aria-label="${label}"]`);
  }
  await tabTo('Leave');
  await keyboard.press('Enter');
  await ada.page.waitForSelector('[data-screen=left]');
  expect(ada.errors).toEqual([]);
});
