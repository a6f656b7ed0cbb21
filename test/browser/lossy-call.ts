import type { types } from 'mediasoup';
import type { Browser, Page } from 'puppeteer-core';
import { median } from '../../bench/rounds.ts';
import type { ConclaveServer } from '../support/conclave-server.ts';
import { type Conditions, PERFECT } from '../support/impaired-link.ts';
import { UdpRelay } from '../support/udp-relay.ts';
import type { WorkerObjects } from '../support/worker-objects.ts';
import { drawnDevices } from './drawn-devices.ts';
import { Participant, type StreamStats } from './participant.ts';
import { relayMedia } from './relayed-media.ts';

const SAMPLE_EVERY_MS = 250;

/** So that the largest layer takes as many bits as it may: five to six packets a picture. */
const GRAIN = 0.1;

export interface LossyCallOptions {
  readonly objects: WorkerObjects;
  /** One after the other, of the viewer; the line of who shows the camera is like the first one all the time. */
  readonly lines: readonly Conditions[];
  /** What a line loses is the same for the same seed, packet for packet. */
  readonly seed: number;
  /** On each line, until the estimate has found its level; measured after it. */
  readonly settleMs: number;
  readonly measureMs: number;
}

/** What one person had of the other's camera. */
export interface LossyReception {
  /** What the server believes that the line to the receiver carries: in the middle, and at worst. */
  readonly estimateKbps: number;
  readonly leastEstimateKbps: number;
  readonly sentKbps: number;
  /** Of the pictures, most of the time: which layer is received. */
  readonly heightPx: number;
  readonly picturesPerSecond: number;
  readonly packetsPerPicture: number;
  readonly lostShare: number;
  readonly nacksPerSecond: number;
}

/** Two people in browsers, each behind a poor line; one shows a camera and the other looks. A reception for each line. */
export async function measureLossyCall(
  server: ConclaveServer,
  browser: Browser,
  { objects, lines, seed, settleMs, measureMs }: LossyCallOptions,
): Promise<readonly LossyReception[]> {
  const relays = { ada: new UdpRelay({ seed }), bela: new UdpRelay({ seed: -seed }) };
  const before = objects.transports.length;
  const { ada, bela } = await openTwo(server, browser, relays);
  try {
    const path = await busiest(objects.transports.slice(before));
    relays.ada.setConditions(lines[0] ?? PERFECT);
    const receptions: LossyReception[] = [];
    for (const line of lines) {
      relays.bela.setConditions(line);
      await pass(settleMs);
      receptions.push(await measure(bela, path, measureMs));
    }
    return receptions;
  } finally {
    for (const { page } of [ada, bela]) await page.close();
    for (const relay of Object.values(relays)) relay.close();
  }
}

async function openTwo(server: ConclaveServer, browser: Browser, relays: Readonly<Record<'ada' | 'bela', UdpRelay>>) {
  const link = server.inviteLink();
  const open = async (name: string, prepare: (page: Page) => Promise<unknown>) =>
    Participant.open(await browser.createBrowserContext(), link, name, { prepare });
  const ada = await open('Ada', async (page) => {
    await relayMedia(page, relays.ada);
    await page.evaluateOnNewDocument(drawnDevices, 150, GRAIN);
  });
  const bela = await open('Béla', (page) => relayMedia(page, relays.bela));
  await ada.join();
  await bela.press('Turn camera off');
  await bela.join();
  await bela.sees('Ada');
  return { ada, bela };
}

/** The one over which the camera goes to whoever looks. */
async function busiest(transports: readonly types.Transport[]): Promise<types.WebRtcTransport> {
  const toPeople = transports.filter(({ appData }) => appData.direction === 'recv') as types.WebRtcTransport[];
  const sent = await Promise.all(toPeople.map(async (transport) => (await statsOf(transport)).bytesSent));
  const found = toPeople[sent.indexOf(Math.max(...sent))];
  if (!found) throw new Error('nobody receives anything');
  return found;
}

async function measure(viewer: Participant, path: types.WebRtcTransport, measureMs: number): Promise<LossyReception> {
  const startMs = performance.now();
  const [statsBefore, before] = [await statsOf(path), await videoOf(viewer)];
  const estimates: number[] = [];
  const heights: number[] = [];
  while (performance.now() - startMs < measureMs) {
    await pass(SAMPLE_EVERY_MS);
    estimates.push((await statsOf(path)).availableOutgoingBitrate ?? Number.NaN);
    heights.push((await videoOf(viewer)).frameHeight ?? Number.NaN);
  }
  const [statsAfter, after] = [await statsOf(path), await videoOf(viewer)];
  const seconds = (performance.now() - startMs) / 1_000;
  const grown = (key: 'framesDecoded' | 'packetsReceived' | 'packetsLost' | 'nackCount') =>
    (after[key] ?? 0) - (before[key] ?? 0);
  return {
    estimateKbps: median(estimates) / 1_000,
    leastEstimateKbps: Math.min(...estimates) / 1_000,
    sentKbps: ((statsAfter.bytesSent - statsBefore.bytesSent) * 8) / 1_000 / seconds,
    heightPx: median(heights),
    picturesPerSecond: grown('framesDecoded') / seconds,
    packetsPerPicture: grown('packetsReceived') / grown('framesDecoded'),
    lostShare: grown('packetsLost') / (grown('packetsReceived') + grown('packetsLost')),
    nacksPerSecond: grown('nackCount') / seconds,
  };
}

async function statsOf(path: types.WebRtcTransport): Promise<types.WebRtcTransportStat> {
  const [stats] = await path.getStats();
  if (!stats) throw new Error('a transport without figures');
  return stats;
}

async function videoOf(viewer: Participant): Promise<Partial<StreamStats>> {
  return (await viewer.inbound('video'))[0] ?? {};
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
