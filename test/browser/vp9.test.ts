import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLEAR_PREFIX_BYTES, decodeHeader, parseKeyId } from '../../src/crypto/index.ts';
import { openChromium } from '../support/chromium.ts';
import { parseVp9 } from '../support/clear-media.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { NodeMember } from '../support/node-member.ts';
import { Tap } from '../support/tap.ts';
import { until } from '../support/until.ts';
import { WorkerObjects } from '../support/worker-objects.ts';
import { drawnDevices } from './drawn-devices.ts';
import { Participant } from './participant.ts';

const FRAMES = 60;

const objects = new WorkerObjects();
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

test('VP9 with spatial layers in one stream (L3T3_KEY): sealed whole, and decoded by the others', async () => {
  const link = server.inviteLink();
  const open = async (name: string, hue: number) =>
    Participant.open(await browser.createBrowserContext(), link, name, {
      prepare: async (page) => {
        await page.evaluateOnNewDocument(drawnDevices, hue);
        await encodesWithoutEffort(page);
      },
    });
  const ada = await open('Ada', 150);
  const bela = await open('Béla', 30);
  await ada.join();
  await bela.join();
  await ada.sees('Béla');
  await bela.sees('Ada');
  expect((await ada.outbound('video')).map(({ scalabilityMode }) => scalabilityMode)).toEqual(['L3T3_KEY']);
  expect((await bela.frameCounts()).recv.video).toBeGreaterThan(0);

  const nora = await NodeMember.join(link, 'Nora');
  const { memberId, leaf } = await until('Nora knows Béla', () => nora.leafOf('Béla'));
  const producerId = await until("Béla's camera", () => nora.producerOf(memberId, 'camera'));
  const tap = await Tap.open(objects, producerId);
  expect(tap.codec).toBe('vp9');
  // The first may be sealed under the key from before Nora came, until everybody has the new one.
  const present = () => {
    const slot = Number((nora.keys.group?.epoch ?? 0n) % 16n);
    return tap.frames.filter(({ bytes }) => keyIdIn(bytes)?.slot === slot);
  };
  await until('enough pictures', () => present().length >= FRAMES);
  const frames = present();
  const opener = nora.opener(memberId, 'camera', 'vp9');
  let keyFrames = 0;
  for (const { bytes } of frames) {
    expect(keyIdIn(bytes)).toMatchObject({ leafIndex: leaf, source: 'camera' });
    const outcome = await opener.open(bytes.buffer);
    if (outcome.kind !== 'opened') throw new Error(`not opened: ${JSON.stringify(outcome)}`);
    const parsed = parseVp9(new Uint8Array(outcome.bytes));
    expect(parsed).toBeDefined();
    if (parsed?.isKey) keyFrames += 1;
  }
  expect(keyFrames).toBeGreaterThan(0);
  expect([...ada.errors, ...bela.errors]).toEqual([]);
  tap.close();
  nora.close();
});

/** A device with an encoder in hardware, for all that the page can see. */
async function encodesWithoutEffort(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const { mediaCapabilities } = navigator;
    const ask = mediaCapabilities.encodingInfo.bind(mediaCapabilities);
    mediaCapabilities.encodingInfo = async (configuration) => ({
      ...(await ask(configuration)),
      smooth: true,
      powerEfficient: true,
    });
  });
}

function keyIdIn(bytes: Uint8Array) {
  const header = decodeHeader(bytes, CLEAR_PREFIX_BYTES.vp9);
  return header && parseKeyId(header.keyId);
}
