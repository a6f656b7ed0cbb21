import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { parseRtpPacket } from '../support/rtp-packet.ts';
import { UdpRelay } from '../support/udp-relay.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';
import { relayMedia } from './relayed-media.ts';

declare global {
  interface Window {
    /** When the banner came and went, in milliseconds since 1970. */
    bannerMs?: number[];
  }
}

/** What was handed to the network before the banner was drawn is still on its way through two busy cores. */
const SLACK_MS = 100;

/** How long the server stays away. */
const AWAY_MS = 4_000;

let server: ConclaveServer;
let browser: Browser;
let relay: UdpRelay;
/** Of each packet of sound or pictures that Ada sent, in milliseconds since 1970. */
const sentMs: number[] = [];

beforeAll(async () => {
  server = await openConclaveServer();
  browser = await openChromium();
  relay = new UdpRelay({
    seen: (direction, bytes) => {
      if (direction === 'up' && parseRtpPacket(bytes)) sentMs.push(Date.now());
    },
  });
});

afterAll(async () => {
  await browser?.close();
  relay?.close();
  await server?.close();
});

/** Runs in the page. */
function watchBanner(): void {
  const seen: number[] = [];
  window.bannerMs = seen;
  const watch = () => {
    const isShown = document.querySelector('[data-banner=reconnecting]') !== null;
    if (isShown !== (seen.length % 2 === 1)) seen.push(Date.now());
  };
  new MutationObserver(watch).observe(document.body, { childList: true, subtree: true });
}

test('while the page says that it is reconnecting, no packet of sound or pictures leaves the device', async () => {
  const link = server.inviteLink();
  const ada = await Participant.open(await browser.createBrowserContext(), link, 'Ada', {
    prepare: (page) => relayMedia(page, relay),
  });
  const bela = await Participant.open(await browser.createBrowserContext(), link, 'Béla');
  await ada.join();
  await bela.join();
  await bela.sees('Ada');
  await ada.page.evaluate(watchBanner);
  await until('packets flow', () => sentMs.length > 200);

  server.relay.refuse({ refusing: true });
  server.relay.cut();
  await ada.page.waitForSelector('[data-banner=reconnecting]');
  await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
  server.relay.refuse({ refusing: false });
  await ada.page.waitForSelector('[data-banner=reconnecting]', { hidden: true });
  await bela.sees('Ada');

  const [cameMs = Number.NaN, wentMs = Number.NaN] = (await ada.page.evaluate(() => window.bannerMs)) ?? [];
  const between = (fromMs: number, toMs: number) => sentMs.filter((atMs) => atMs > fromMs && atMs < toMs).length;
  const after = sentMs.filter((atMs) => atMs > cameMs && atMs < wentMs).map((atMs) => atMs - cameMs);
  process.stdout.write(`packets after the banner came, in ms: ${JSON.stringify(after)}\n`);
  expect(wentMs - cameMs).toBeGreaterThan(AWAY_MS);
  expect(between(cameMs - 1_000, cameMs)).toBeGreaterThan(20); // else nothing was to be stopped
  expect(between(cameMs + SLACK_MS, wentMs)).toBe(0);
  expect(sentMs.at(-1)).toBeGreaterThan(wentMs);
});
