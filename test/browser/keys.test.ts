import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

describe('single keys', () => {
  let server: ConclaveServer;
  let browser: Browser;
  let ada: Participant;

  beforeAll(async () => {
    server = await openConclaveServer();
    browser = await openChromium();
    ada = await Participant.open(await browser.createBrowserContext(), server.inviteLink(), 'Ada');
    await ada.join();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const muted = async () =>
    (await ada.page.$eval('[data-tile=self]', (tile) => tile.getAttribute('data-muted'))) === 'true';
  const opened = () => ada.page.$eval('.panel', (panel) => panel.getAttribute('data-panel')).catch(() => undefined);

  test('M turns the microphone off and on', async () => {
    await ada.page.keyboard.press('m');
    await until('it is off', muted);
    await ada.page.keyboard.press('M');
    await until('it is on', async () => !(await muted()));
  });

  test('who is muted is heard while they hold the space bar, also after a click on a button', async () => {
    await ada.press('Turn microphone off');
    await until('it is off', muted);
    await ada.page.keyboard.down(' ');
    await until('it is on', async () => !(await muted()));
    expect(await ada.texts('[data-banner=talking]')).toEqual([expect.stringContaining('while you hold')]);
    await ada.page.keyboard.up(' ');
    await until('it is off again', muted);
    expect(await ada.page.$('[data-banner=talking]')).toBeNull();
  });

  test('a button that Tab led to is pressed by the space bar', async () => {
    await ada.page.focus('[data-control=chat]');
    await ada.page.keyboard.press('Tab');
    await ada.page.keyboard.down('Shift');
    await ada.page.keyboard.press('Tab');
    await ada.page.keyboard.up('Shift');
    await ada.page.keyboard.press(' ');
    await until('the chat is open', async () => (await opened()) === 'chat');
    expect(await muted()).toBe(true);
  });

  test('no key does anything while one types', async () => {
    await ada.page.keyboard.type('mvhp ? c');
    expect(await ada.page.$eval('.chat-form input', (input) => (input as HTMLInputElement).value)).toBe('mvhp ? c');
    expect([await muted(), await opened()]).toEqual([true, 'chat']);
    await ada.page.keyboard.press('Escape');
    await until('it is closed', async () => (await opened()) === undefined);
  });

  test('the question mark shows them all; the invite panel has the link and its square', async () => {
    await ada.page.keyboard.press('?');
    await until('they are shown', async () => (await ada.texts('.keys dd')).includes('Microphone on or off'));
    await ada.page.keyboard.press('Escape');
    await ada.press('Invite people');
    const field = await ada.page.waitForSelector('.panel input[readonly]');
    expect(await field?.evaluate((input) => (input as HTMLInputElement).value)).toBe(ada.page.url());
    expect(await ada.page.$('.panel .qr path')).not.toBeNull();
    expect(ada.errors).toEqual([]);
  });
});
