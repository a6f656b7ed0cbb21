import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bot } from '../bot/bot.ts';
import { Camera } from '../bot/camera.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { graveFindings } from './axe-findings.ts';
import { Participant } from './participant.ts';

/** Each goes on where the one before it stopped. Every screen and panel is looked at in light and in dark. */
describe('who cannot see, or cannot use a mouse, has a page that they can use', () => {
  let server: ConclaveServer;
  let browser: Browser;
  let ada: Participant;
  let bela: Bot;

  beforeAll(async () => {
    server = await openConclaveServer();
    browser = await openChromium();
    const link = server.inviteLink();
    ada = await Participant.open(await browser.createBrowserContext(), link, 'Ada');
    bela = await Bot.join(link, { name: 'Béla', camera: new Camera({ layers: 1 }) });
  });

  afterAll(async () => {
    bela?.close();
    await browser?.close();
    await server?.close();
  });

  const isFine = async () => expect(await graveFindings(ada.page)).toEqual([]);

  test('the check finds what is wrong', async () => {
    const page = await browser.newPage();
    await page.setContent('<html><title>x</title><body><button></button><p style="color:#ccc;background:#fff">pale');
    const found = await graveFindings(page);
    expect(found.some((finding) => finding.startsWith('light: button-name at button'))).toBe(true);
    expect(found.some((finding) => finding.startsWith('dark: color-contrast at p'))).toBe(true);
    await page.close();
  });

  test.each([
    ['the start page', '/', 'start'],
    ['a link that lost its end', '/call/AAECAwQFBgcICQoLDA0ODw', 'incomplete-link'],
  ])('%s', async (_, path, screen) => {
    const page = await browser.newPage();
    await page.goto(server.origin + path);
    await page.waitForSelector(`[data-screen=${screen}]`);
    expect(await graveFindings(page)).toEqual([]);
    await page.close();
  });

  test('the lobby', isFine);

  test('a call of two', async () => {
    await ada.join();
    await ada.sees('Béla');
    await isFine();
  });

  test('the panel of the lock, with either code', async () => {
    await ada.page.click('[data-control=security]');
    await ada.page.waitForSelector('[data-panel=security]');
    await isFine();
    await ada.page.locator('::-p-aria([name="30 digits"][role="radio"])').click();
    await ada.page.waitForSelector('.qr path');
    await isFine();
  });

  test('the list of people, with what can be done about one of them', async () => {
    await ada.press('People, 2');
    await ada.press('Options for Béla');
    await ada.page.waitForSelector('.person-menu');
    await isFine();
    await ada.press('Remove');
    await ada.page.waitForSelector('[role=alertdialog]');
    await isFine();
    await ada.press('Cancel');
    await ada.page.locator('::-p-aria([name="Lock the call"][role="switch"])').click();
    await ada.page.waitForSelector('[data-control=people][data-locked=true]');
    await isFine();
  });

  test('the chat, with something said in it', async () => {
    await ada.page.click('[data-control=chat]');
    await ada.page.waitForSelector('[name=message]:focus');
    await ada.page.keyboard.sendCharacter('Longer than the panel is high. '.repeat(60)); // so that it scrolls
    await ada.page.keyboard.press('Enter');
    await until('it is there', () => ada.page.$('.message'));
    await isFine();
    await ada.press('Close');
  });

  test('the choice of reactions', async () => {
    await ada.press('React');
    await ada.page.waitForSelector('.reaction-choice:popover-open');
    await isFine();
    await ada.page.keyboard.press('Escape');
  });

  test('a raised hand, microphone and camera off, and a connection that is lost', async () => {
    for (const label of ['Raise hand', 'Turn microphone off', 'Turn camera off']) await ada.press(label);
    server.relay.refuse({ refusing: true });
    server.relay.cut();
    await ada.page.waitForSelector('[data-banner=reconnecting]');
    await isFine();
    server.relay.refuse({ refusing: false });
    await ada.page.waitForSelector('[data-banner=reconnecting]', { hidden: true });
  });

  test('the same call on a phone', async () => {
    await ada.page.setViewport({ width: 390, height: 844 });
    await isFine();
  });

  test('the end', async () => {
    await ada.leave();
    await isFine();
    expect(ada.errors).toEqual([]);
  });
});
