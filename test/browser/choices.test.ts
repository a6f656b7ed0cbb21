import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Quality } from '../../src/client/index.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { PERFECT } from '../support/impaired-link.ts';
import { UdpRelay } from '../support/udp-relay.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';
import { relayMedia } from './relayed-media.ts';

/** The second of those that Chromium makes up is a depth camera, whose pictures nothing encodes. */
const THREE_CAMERAS = '--use-fake-device-for-media-stream=device-count=3,fps=30';

let server: ConclaveServer;
let browser: Browser;
let ada: Participant;
let bela: Participant;
let relay: UdpRelay;

beforeAll(async () => {
  server = await openConclaveServer();
  browser = await openChromium(THREE_CAMERAS);
  relay = new UdpRelay({ seed: 7 });
  const link = server.inviteLink();
  const context = browser.defaultBrowserContext();
  ada = await Participant.open(context, link, 'Ada', { width: 640, height: 480 });
  bela = await Participant.open(await browser.createBrowserContext(), link, 'Béla', {
    width: 640,
    height: 480,
    prepare: (page) => relayMedia(page, relay),
  });
  await ada.join();
  await bela.join();
  await ada.sees('Béla');
  await bela.sees('Ada');
});

afterAll(async () => {
  await browser?.close();
  relay?.close();
  await server?.close();
});

/** What Ada's page says of its devices, and what is captured from. */
const devicesOfAda = () =>
  ada.page.evaluate(() => {
    const call = window.conclave;
    if (!call) throw new Error('no call');
    const used = (source: 'camera' | 'microphone') => call.localTrack(source)?.mediaStreamTrack.getSettings().deviceId;
    return { ...call.devices, used: { camera: used('camera'), microphone: used('microphone') } };
  });

test('what there is has names, once it is allowed', async () => {
  const { cameras, microphones, speakers } = await until('the list', async () => {
    const devices = await devicesOfAda();
    return devices.cameras[0]?.label ? devices : undefined;
  });
  expect(cameras).toHaveLength(3);
  for (const some of [cameras, microphones, speakers]) {
    expect(some.length).toBeGreaterThan(1);
    expect(some.every(({ label, deviceId }) => label !== '' && deviceId !== '')).toBe(true);
  }
});

test('another camera and another microphone go over the same streams, and are seen and heard', async () => {
  const before = await devicesOfAda();
  const other = {
    camera: before.cameras.at(-1)?.deviceId,
    microphone: before.microphones.find(({ deviceId }) => ![before.used.microphone, 'default'].includes(deviceId))
      ?.deviceId,
  };
  const ssrcs = async () =>
    [...(await ada.outbound('video')), ...(await ada.outbound('audio'))].map((each) => Object(each).ssrc).sort();
  const [streams, [energy = 0] = []] = [await ssrcs(), await bela.soundEnergy()];
  const went = await ada.page.evaluate(async ({ camera, microphone }) => {
    const call = window.conclave;
    return [await call?.useDevice('camera', camera), await call?.useDevice('microphone', microphone)];
  }, other);
  expect(went).toEqual([true, true]);
  const after = await devicesOfAda();
  expect([after.chosen, after.used]).toEqual([other, other]);
  expect(await ssrcs()).toEqual(streams);
  await bela.sees('Ada');
  await until('Béla hears Ada', async () => ((await bela.soundEnergy())[0] ?? 0) > energy);
});

test('a speaker that is there plays; one that is not gives way to the default, and that is told', async () => {
  const answers = await ada.page.evaluate(async () => {
    const call = window.conclave;
    if (!call) throw new Error('no call');
    const replaced: string[] = [];
    call.on('deviceReplaced', (kind) => replaced.push(kind));
    const there = call.devices.speakers.at(-1)?.deviceId;
    const used = await call.useDevice('speaker', there);
    const missing = await call.useDevice('speaker', 'f'.repeat(64));
    return { used, missing, replaced, chosen: call.devices.chosen.speaker };
  });
  expect(answers).toEqual({ used: true, missing: false, replaced: ['speaker'], chosen: undefined });
});

test('one is turned down on one device, and comes back as quiet after a reconnect', async () => {
  const turn = () =>
    ada.page.evaluate(() => {
      const peer = window.conclave?.roster.peers[0];
      if (peer) window.conclave?.setVolume(peer.id, 0.25);
      return peer?.id;
    });
  const first = await turn();
  const volume = () => {
    const read = () => {
      const peer = window.conclave?.roster.peers[0];
      return peer && { id: peer.id as string, volume: window.conclave?.volumeOf(peer.id) };
    };
    return ada.page.evaluate(read);
  };
  expect(await volume()).toEqual({ id: first, volume: 0.25 });
  await bela.leave();
  await bela.press('Join again');
  await bela.join();
  const again = await until('Béla again', async () => {
    const now = await volume();
    return now && now.id !== first ? now : undefined;
  });
  expect(again.volume).toBe(0.25);
});

/** How Béla has it, of Ada and of himself. */
const qualities = () =>
  bela.page.evaluate(() => {
    const ofAda = window.conclave?.roster.peers[0];
    return [window.conclave?.quality(ofAda?.id), window.conclave?.quality()] as const;
  });
const bothAre = (what: string, fits: (quality: Quality | undefined) => boolean) =>
  until(`both are ${what}`, async () => (await qualities()).every(fits), 40_000);

test('a line that begins to lose every sixth packet is poor in both directions, and good again when it stops', async () => {
  await ada.sees('Béla');
  await bothAre('good', (quality) => quality === 'excellent' || quality === 'good');
  relay.setConditions({ ...PERFECT, loss: 0.16 });
  await bothAre('poor', (quality) => quality === 'poor');
  relay.setConditions(PERFECT);
  await bothAre('good again', (quality) => quality === 'excellent' || quality === 'good');
});

test('one whose line goes dark is lost', async () => {
  relay.blackout({ dark: true });
  const ofBela = () => ada.page.evaluate(() => window.conclave?.quality(window.conclave.roster.peers[0]?.id));
  await until('Béla is lost to Ada', async () => (await ofBela()) === 'lost');
});
