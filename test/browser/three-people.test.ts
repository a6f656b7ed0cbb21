import { fileURLToPath } from 'node:url';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { drawnDevices } from './drawn-devices.ts';
import { Participant } from './participant.ts';

/** Where UPDATE_SCREENS=1 puts its picture. */
const PICTURE = fileURLToPath(new URL('../../docs/screens/three-people.png', import.meta.url));

const NOTHING = { rooms: 0, peers: 0, transports: 0, producers: 0, consumers: 0 };

/** Each goes on where the one before it stopped, as a call does. */
describe('three people in one call', () => {
  let server: ConclaveServer;
  let browser: Browser;
  let ada: Participant;
  let bela: Participant;
  let chi: Participant;

  beforeAll(async () => {
    server = await openConclaveServer();
    browser = await openChromium();
    const link = server.inviteLink();
    const open = async (name: string, hue: number) =>
      Participant.open(await browser.createBrowserContext(), link, name, {
        prepare: (page) => page.evaluateOnNewDocument(drawnDevices, hue),
      });
    ada = await open('Ada Lovelace', 150);
    bela = await open('Béla Bartók', 30);
    chi = await open('Chimamanda', 260);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test('two join from the link, and each sees the other', async () => {
    await ada.join();
    await bela.join();
    await ada.sees(bela.name);
    await bela.sees(ada.name);
  });

  test('who comes late sees and hears everyone, and is seen', async () => {
    await chi.join();
    await chi.sees(ada.name, bela.name);
    await ada.sees(bela.name, chi.name);
    await bela.sees(ada.name, chi.name);
    for (const person of [ada, bela, chi]) {
      for (const { frameWidth = 0, frameHeight = 0 } of await person.inbound('video')) {
        expect([180, 360, 720]).toContain(frameHeight);
        expect(frameWidth / frameHeight).toBeCloseTo(16 / 9);
      }
    }
  });

  test('everyone hears the two others', async () => {
    for (const person of [ada, bela, chi]) {
      const before = await person.soundEnergy();
      expect(before).toHaveLength(2);
      await until(`${person.name} hears both`, async () => {
        const now = await person.soundEnergy();
        return now.every((energy, index) => energy > (before[index] ?? 0));
      });
    }
  });

  test('who speaks is marked, who is mute is marked, and nothing of it is forgotten', async () => {
    await until('both are marked as speaking', async () => (await chi.tiles()).every((tile) => tile.speaking));
    await bela.press('Turn microphone off');
    await until('Béla is marked mute, and no longer as speaking', async () => {
      const tile = (await chi.tiles()).find(({ name }) => name === bela.name);
      return tile?.muted && !tile.speaking;
    });
    expect((await chi.tiles()).find(({ name }) => name === ada.name)?.muted).toBe(false);
    if (process.env.UPDATE_SCREENS) await chi.page.screenshot({ path: PICTURE });
    await bela.press('Turn microphone on');
    await until('Béla is heard again', async () =>
      (await chi.tiles()).every(({ muted, speaking }) => !muted && speaking),
    );
  });

  test('every frame passes the transform, out and in', async () => {
    for (const person of [ada, bela, chi]) {
      // Counts grow between the two looks, so what was counted later is at least what the statistics said before.
      const sentFrames = sum((await person.outbound('video')).map(({ framesSent }) => framesSent));
      const sentPackets = sum((await person.outbound('audio')).map(({ packetsSent }) => packetsSent));
      const decodedFrames = sum(await person.framesDecoded());
      const counts = await person.frameCounts();
      expect(sentFrames).toBeGreaterThan(0);
      expect(sentPackets).toBeGreaterThan(0);
      expect(decodedFrames).toBeGreaterThan(0);
      expect(counts.send.video).toBeGreaterThanOrEqual(sentFrames);
      expect(counts.send.audio).toBeGreaterThanOrEqual(sentPackets);
      expect(counts.recv.video).toBeGreaterThanOrEqual(decodedFrames);
      expect(counts.recv.audio).toBeGreaterThan(0);
    }
  });

  test('a camera that is switched off leaves a name, and comes back', async () => {
    await ada.press('Turn camera off');
    await chi.sees(bela.name);
    expect((await chi.tiles()).map(({ name }) => name).sort()).toEqual([ada.name, bela.name].sort());
    await ada.press('Turn camera on');
    await chi.sees(ada.name, bela.name);
  });

  test('who leaves is gone for the others, and frees everything on the server', async () => {
    await chi.leave();
    await ada.sees(bela.name);
    expect(await ada.tiles()).toHaveLength(1);
    await until('two peers are left', () => server.sfu.load.peers === 2 && server.sfu.load.transports === 4);
    await until('four producers, four consumers', () => {
      const { producers, consumers } = server.sfu.load;
      return producers === 4 && consumers === 4;
    });
  });

  test('a closed tab does the same, down to nothing', async () => {
    await bela.page.close();
    await until('Ada is alone', async () => (await ada.tiles()).length === 0);
    await ada.page.close();
    await until('nothing is left', () => server.sfu.load.rooms === 0 && server.signaling.sessions === 0);
    expect(server.sfu.load).toMatchObject(NOTHING);
  });

  test('no page threw anything', () => {
    expect([...ada.errors, ...bela.errors, ...chi.errors]).toEqual([]);
  });
});

const sum = (values: readonly (number | undefined)[]) =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);
