import type { Browser, Page } from 'puppeteer-core';
import { openChromium, openChromiumIn } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { NetworkNamespace } from '../support/network-namespace.ts';
import { until } from '../support/until.ts';
import { drawnDevices } from './drawn-devices.ts';
import { Participant } from './participant.ts';
import { largestGapMs, pageMs, picturesSince, watchPictures } from './shown-pictures.ts';

const SMALL = { width: 640, height: 480 };

/** A call is back when for so long nothing stood still for longer than that. */
const CALM_MS = 2_000;
const STANDSTILL_MS = 500;

/** How often the page looks at how much sound has come, and how often packets come. */
const SOUND_EVERY_MS = 20;

declare global {
  interface Window {
    /** When sound came. */
    soundMs?: number[];
  }
}

/** What one person had of the other when the network changed. */
export interface Standstill {
  readonly soundMs: number;
  readonly pictureMs: number;
}

export interface NetworkChanges {
  readonly standstills: readonly (readonly [moving: Standstill, still: Standstill])[];
  readonly peers: number;
  /** What the pages complained about. */
  readonly errors: readonly string[];
}

/** Under such a name browsers trust a page without TLS. */
const HOST = 'conclave.localhost';

/** Ada's device changes its address so often, in a call with Béla. */
export async function measureNetworkChanges(times: number, how: { readonly bound: boolean }): Promise<NetworkChanges> {
  const network = NetworkNamespace.open();
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const server = await openConclaveServer({ address: network.hostAddress, host: HOST });
    closers.push(() => server.close());
    const flag = `--host-resolver-rules=MAP ${HOST} ${network.hostAddress}`;
    const moving = await openChromiumIn(network, flag);
    closers.push(() => moving.close());
    const still = await openChromium(flag);
    closers.push(() => still.close());
    const call = await NetworkCall.open(server, [moving, still], how);
    const standstills = [];
    for (let time = 0; time < times; time += 1) {
      standstills.push(await call.standstillAfter(() => network.changeAddress()));
    }
    return { standstills, peers: server.sfu.load.peers, errors: call.people.flatMap(({ errors }) => errors) };
  } finally {
    for (const close of closers.reverse()) await close().catch(() => undefined); // the network has to go too
    network.close();
  }
}

/** Two people, of whom the first is on a network that changes. */
class NetworkCall {
  private constructor(readonly people: readonly [moving: Participant, still: Participant]) {}

  /**
   * `bound`: the browser's media sockets are bound to the address that goes, as in browsers that let the page use the microphone; else to
   * none, as where it listens only.
   */
  static async open(
    server: ConclaveServer,
    [moving, still]: readonly [moving: Browser, still: Browser],
    { bound }: { readonly bound: boolean },
  ): Promise<NetworkCall> {
    const link = server.inviteLink();
    const open = async (browser: Browser, name: string, hue: number) => {
      const context = await browser.createBrowserContext();
      if (bound) await context.overridePermissions(server.origin, ['camera', 'microphone']);
      const prepare = (page: Page) => page.evaluateOnNewDocument(drawnDevices, hue);
      return await Participant.open(context, link, name, { ...SMALL, prepare });
    };
    const ada = await open(moving, 'Ada', 150);
    const bela = await open(still, 'Béla', 30);
    const call = new NetworkCall([ada, bela]);
    for (const person of call.people) await person.join();
    await ada.sees('Béla');
    await bela.sees('Ada');
    for (const person of call.people) {
      await watchPictures(person);
      await person.page.evaluate(watchSound, SOUND_EVERY_MS);
    }
    return call;
  }

  /** For each of the two how long sound and picture stood still. */
  async standstillAfter(change: () => void): Promise<readonly [moving: Standstill, still: Standstill]> {
    await until('all is calm', () => this.#isCalm());
    const startsMs = await Promise.all(this.people.map(pageMs));
    change();
    await new Promise((resolve) => setTimeout(resolve, CALM_MS));
    await until('all is calm again', () => this.#isCalm(), 60_000);
    const [moving, still] = this.people;
    return [await standstillOf(moving, startsMs[0] ?? 0), await standstillOf(still, startsMs[1] ?? 0)];
  }

  async #isCalm(): Promise<boolean> {
    const gaps = await Promise.all(
      this.people.map(async (person) => largestGaps(person, (await pageMs(person)) - CALM_MS)),
    );
    return gaps.every(({ soundMs, pictureMs }) => soundMs < STANDSTILL_MS && pictureMs < STANDSTILL_MS);
  }
}

async function standstillOf(person: Participant, sinceMs: number): Promise<Standstill> {
  const { soundMs, pictureMs } = await largestGaps(person, sinceMs);
  return { soundMs: Math.round(soundMs), pictureMs: Math.round(pictureMs) };
}

/** Until now, so that what does not come any more counts too. */
async function largestGaps(person: Participant, sinceMs: number): Promise<Standstill> {
  const nowMs = await pageMs(person);
  const picturesMs = [...(await picturesSince(person, sinceMs)).values()].flat();
  const soundMs = await person.page.evaluate((fromMs) => window.soundMs?.filter((ms) => ms > fromMs) ?? [], sinceMs);
  return {
    soundMs: largestGapMs([...soundMs, nowMs], sinceMs),
    pictureMs: largestGapMs([...picturesMs, nowMs], sinceMs),
  };
}

/** Runs in the page: notes when packets of sound came. */
function watchSound(everyMs: number): void {
  const call = window.conclave;
  if (!call) throw new Error('no call');
  const soundMs: number[] = [];
  window.soundMs = soundMs;
  let before = 0;
  const listen = async () => {
    const stats = await call.getStats();
    const entries = [...((stats?.recv ?? new Map()) as unknown as Map<string, RTCInboundRtpStreamStats>).values()];
    const packets = entries
      .filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio')
      .reduce((sum, { packetsReceived = 0 }) => sum + packetsReceived, 0);
    if (packets > before) soundMs.push(performance.now());
    before = packets;
    setTimeout(() => void listen(), everyMs);
  };
  void listen();
}
