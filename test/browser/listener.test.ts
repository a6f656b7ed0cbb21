import type { Browser, Page } from 'puppeteer-core';
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

/** Whoever opens this page is given a listener's tokens. */
function asListener(page: Page): Promise<unknown> {
  return page.evaluateOnNewDocument(() => {
    const fetchAsSpeaker = window.fetch.bind(window);
    window.fetch = (url, options) => {
      const isToken = String(url).endsWith('/dev/tokens');
      const body = isToken && JSON.stringify({ ...JSON.parse(String(options?.body)), role: 'listener' });
      return fetchAsSpeaker(url, body ? { ...options, body } : options);
    };
  });
}

test('a listener sees and hears, shows no tile and sends nothing; the others see a count, and the name in the list', async () => {
  const context = await browser.createBrowserContext();
  const link = server.inviteLink();
  const ada = await Participant.open(context, link, 'Ada');
  const lena = await Participant.open(context, link, 'Lena', { prepare: asListener });
  await ada.join();
  await lena.join();
  await lena.sees('Ada');
  await until('Lena hears Ada', async () => (await lena.soundEnergy()).some((energy) => energy > 0));

  expect(await lena.notice('camera-forbidden')).toContain('may listen');
  expect(await lena.page.$$('[data-tile=self], [data-control=microphone], [data-control=camera]')).toEqual([]);
  expect(await lena.outbound('video')).toEqual([]);
  await lena.page.keyboard.press('m'); // the key of the microphone
  await until('it is refused at once', () => lena.notice('microphone-forbidden'));

  expect(await ada.page.$$('[data-tile=peer]')).toEqual([]);
  expect(await ada.texts('[data-control=listeners]')).toEqual(['1']);
  await ada.page.click('[data-control=listeners]');
  await until('Lena is in the list', async () =>
    (await ada.texts('.member')).some((each) => /Lena.*listens/.test(each)),
  );
  expect([...ada.errors, ...lena.errors]).toEqual([]);
  await context.close();
});
