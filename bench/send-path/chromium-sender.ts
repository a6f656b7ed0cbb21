import { setTimeout as pause } from 'node:timers/promises';
import { Participant } from '../../test/browser/participant.ts';
import { relayMedia } from '../../test/browser/relayed-media.ts';
import { openChromium } from '../../test/support/chromium.ts';
import { openConclaveServer } from '../../test/support/conclave-server.ts';
import { UdpRelay } from '../../test/support/udp-relay.ts';
import type { PacketScript } from '../endpoints/packet-script.ts';
import { recordedScript, type SeenDatagram } from './recorded-script.ts';

export interface RecordingTimes {
  /** Until the browser knows its bandwidth and sends the large picture in full. */
  readonly settleMs: number;
  readonly recordMs: number;
}

/** The packets of the largest layer of a real Chromium's camera, in a call of two on our page and server. */
export async function recordChromium({ settleMs, recordMs }: RecordingTimes): Promise<PacketScript> {
  const seen: SeenDatagram[] = [];
  let isRecording = false;
  const relay = new UdpRelay({
    seen: (direction, bytes) => {
      if (isRecording && direction === 'up') seen.push({ atMs: performance.now(), bytes });
    },
  });
  const server = await openConclaveServer();
  const browser = await openChromium();
  try {
    const link = server.inviteLink();
    const join = async (name: string, prepare: (page: Participant['page']) => Promise<void>) => {
      const person = await Participant.open(await browser.createBrowserContext(), link, name, { prepare });
      await person.join();
      return person;
    };
    const sender = await join('Sender', (page) => relayMedia(page, relay));
    const viewer = await join('Viewer', async () => undefined); // layers that nobody looks at are not sent
    await viewer.sees(sender.name);
    await pause(settleMs);
    isRecording = true;
    await pause(recordMs);
    isRecording = false;
  } finally {
    await browser.close();
    await server.close();
    relay.close();
  }
  return recordedScript(seen);
}
