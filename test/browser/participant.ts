import type { BrowserContext, Page } from 'puppeteer-core';
import type { FrameCounts } from '../../src/client/index.ts';
import { until } from '../support/until.ts';

/** What one inbound or outbound stream says of itself (W3C webrtc-stats). */
export interface StreamStats {
  readonly kind: 'audio' | 'video';
  readonly trackIdentifier?: string;
  readonly rid?: string;
  readonly scalabilityMode?: string;
  readonly framesDecoded?: number;
  readonly framesSent?: number;
  readonly framesEncoded?: number;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly nackCount?: number;
  readonly packetsSent?: number;
  readonly totalAudioEnergy?: number;
  readonly totalSamplesReceived?: number;
  readonly concealedSamples?: number;
}

/** One tile of somebody else, as the page shows it. */
export interface Tile {
  readonly name: string;
  readonly muted: boolean;
  readonly speaking: boolean;
  readonly playing: boolean;
}

export interface ParticipantOptions {
  /** Runs on the page before it opens the link. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  readonly width?: number;
  readonly height?: number;
}

/** A person in a tab: does with real clicks what people do, and reads what they could read. */
export class Participant {
  /** What the page complained about. */
  readonly errors: string[] = [];

  private constructor(
    readonly name: string,
    readonly page: Page,
  ) {
    page.on('pageerror', (error) => this.errors.push(String(error)));
  }

  /** Opens the link and waits for the lobby. */
  static async open(
    context: BrowserContext,
    link: string,
    name: string,
    { prepare, width = 1280, height = 800 }: ParticipantOptions = {},
  ): Promise<Participant> {
    const page = await context.newPage();
    const participant = new Participant(name, page);
    await page.setViewport({ width, height });
    await prepare?.(page);
    await page.goto(link);
    await page.waitForSelector('[data-screen=lobby]');
    return participant;
  }

  /** Types the name and presses Join. */
  async askToJoin(): Promise<void> {
    await this.page.locator('::-p-aria([name="Your name"])').fill(this.name);
    await this.press('Join');
  }

  /** Asks, and waits for the call screen. */
  async join(): Promise<void> {
    await this.askToJoin();
    await this.page.waitForSelector('[data-screen=call][data-state=joined]');
  }

  /** Clicks the button with that accessible name. */
  async press(label: string): Promise<void> {
    await this.page.locator(`button::-p-aria([name="${label}"][role="button"])`).click();
  }

  async leave(): Promise<void> {
    await this.press('Leave');
    await this.page.waitForSelector('[data-screen=left]');
  }

  tiles(): Promise<readonly Tile[]> {
    return this.page.$$eval('[data-tile=peer]', (tiles) =>
      tiles.map((tile) => ({
        name: tile.querySelector('.plate span')?.textContent ?? '',
        muted: tile.getAttribute('data-muted') === 'true',
        speaking: tile.getAttribute('data-speaking') === 'true',
        playing: tile.querySelector('video')?.getAttribute('data-on') === 'true',
      })),
    );
  }

  /** Resolves when the tiles of exactly these people show moving pictures. */
  async sees(...names: readonly string[]): Promise<void> {
    const expected = [...names].sort().join();
    await until(`${this.name} sees ${expected}`, async () => {
      const playing = (await this.tiles()).filter((tile) => tile.playing).map((tile) => tile.name);
      return playing.sort().join() === expected;
    });
    const before = await this.framesDecoded();
    await until(`pictures of ${expected} move for ${this.name}`, async () => {
      const now = await this.framesDecoded();
      return now.length === names.length && now.every((frames, index) => frames > (before[index] ?? 0) + 5);
    });
  }

  /** Without the probator, mediasoup-client's stream that only carries bandwidth probes. */
  async inbound(kind: 'audio' | 'video'): Promise<readonly StreamStats[]> {
    const streams = (await this.#streams('recv')).filter((stream) => stream.trackIdentifier !== 'probator');
    return streams.filter((stream) => stream.kind === kind && (stream.packetsReceived ?? 0) > 0);
  }

  async outbound(kind: 'audio' | 'video'): Promise<readonly StreamStats[]> {
    return (await this.#streams('send')).filter((stream) => stream.kind === kind);
  }

  async frameCounts(): Promise<FrameCounts> {
    const counts = await this.page.evaluate(() => window.conclave?.frameCounts());
    if (!counts) throw new Error('not joined');
    return counts;
  }

  /** The words of every element that matches, in order. */
  texts(selector: string): Promise<readonly string[]> {
    return this.page.$$eval(selector, (elements) => elements.map(({ textContent }) => textContent?.trim() ?? ''));
  }

  /** What the lock in the corner says. */
  securityMark(): Promise<string | null> {
    return this.page.$eval('[data-control=security]', (badge) => badge.getAttribute('data-security'));
  }

  notice(key: string): Promise<string | undefined> {
    return this.page.$eval(`[data-notice="${key}"] p`, (element) => element.textContent ?? '').catch(() => undefined);
  }

  async framesDecoded(): Promise<readonly number[]> {
    const live = (await this.inbound('video')).filter((stream) => (stream.framesDecoded ?? 0) > 0);
    return live.map((stream) => stream.framesDecoded ?? 0);
  }

  /** What was heard so far of each other person. */
  async soundEnergy(): Promise<readonly number[]> {
    return (await this.inbound('audio')).map(({ totalAudioEnergy = 0 }) => totalAudioEnergy);
  }

  #streams(side: 'send' | 'recv'): Promise<readonly StreamStats[]> {
    return this.page.evaluate(async (wanted) => {
      const stats = await window.conclave?.getStats();
      const entries = stats ? [...(stats[wanted] as unknown as Map<string, { type: string }>).values()] : [];
      return entries.filter(({ type }) => type === (wanted === 'send' ? 'outbound-rtp' : 'inbound-rtp')) as never;
    }, side);
  }
}
