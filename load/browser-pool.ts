import { setTimeout } from 'node:timers/promises';
import { type Browser, launch, type Page } from 'puppeteer-core';
import { watchFirstPicture } from '../test/browser/first-picture.ts';
import { Participant } from '../test/browser/participant.ts';
import { CHROMIUM_FLAGS } from '../test/support/chromium.ts';
import { type Counts, NO_COUNTS } from './counts.ts';
import { fitWindow } from './fit-window.ts';
import { windowOf } from './layout.ts';
import { readPage, refusalOnPage, watchPage } from './page-watch.ts';
import { type Invitation, JoinError, type Pool, type Reading } from './pool.ts';

/** Each tab is a process of its own; what all share, the network service above all, serves so many well. */
const TABS_PER_CHROMIUM = 4;

/** Signals are for the driver; tabs behind others work as those before them. */
const LAUNCH = {
  headless: 'shell',
  handleSIGINT: false,
  handleSIGTERM: false,
  handleSIGHUP: false,
  args: [
    ...CHROMIUM_FLAGS,
    '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
  ],
} as const;

/** A tab that does not answer in time is as it was. */
const READ_LIMIT_MS = 3_000;

/** A tab comes late where the processor is full: as long as bots wait to be in the group. */
const JOIN_LIMIT_MS = 60_000;

/** Margins, the bar above and the buttons below, before they can be measured. */
const BESIDE_GRID_PX = { width: 24, height: 186 };

interface Tab {
  readonly page: Page;
  counts: Counts;
}

/** The call page in headless Chromium, sealed as in real life: several tabs in one Chromium, each in a context of its own. */
export class BrowserPool implements Pool {
  readonly singleCorePids = [];
  readonly #executablePath: string;
  readonly #browsers: Promise<Browser>[] = [];
  readonly #tabs = new Map<number, Tab>();
  #places = 0;

  constructor(executablePath: string) {
    this.#executablePath = executablePath;
  }

  async join({ planned, link, layout }: Invitation): Promise<number> {
    const { id, name, publishes } = planned;
    const { deviceScaleFactor, ...size } = windowOf(layout, BESIDE_GRID_PX);
    try {
      const browser = await this.#browserWithPlace();
      const prepare = async (page: Page) => {
        page.setDefaultTimeout(JOIN_LIMIT_MS);
        await page.setViewport({ ...size, deviceScaleFactor });
        await watchFirstPicture(page);
        await page.evaluateOnNewDocument(watchPage);
      };
      const context = await browser.createBrowserContext();
      const participant = await Participant.open(context, link, name, { ...size, prepare });
      for (const device of publishes ? [] : ['camera', 'microphone']) await participant.press(`Turn ${device} off`);
      await participant.askToJoin();
      const joinMs = await joined(participant.page);
      await fitWindow(participant.page, layout);
      this.#tabs.set(id, { page: participant.page, counts: NO_COUNTS });
      return joinMs;
    } catch (error) {
      if (error instanceof JoinError) throw error;
      const { name, message } = error as Error;
      throw new JoinError(name === 'TimeoutError' ? 'timeout' : 'error', message);
    }
  }

  async read(): Promise<Reading> {
    await Promise.all([...this.#tabs.values()].map(readTab));
    return { counts: new Map([...this.#tabs].map(([id, { counts }]) => [id, counts])), loopDelayMs: 0 };
  }

  async close(): Promise<void> {
    this.#tabs.clear();
    for (const opening of this.#browsers.splice(0)) {
      const browser = await opening.catch(() => undefined); // one that did not open is closed
      await browser?.close();
    }
  }

  #browserWithPlace(): Promise<Browser> {
    const place = this.#places;
    this.#places += 1;
    const at = Math.floor(place / TABS_PER_CHROMIUM);
    const opened =
      this.#browsers[at] ?? launch({ ...LAUNCH, args: [...LAUNCH.args], executablePath: this.#executablePath });
    this.#browsers[at] = opened;
    return opened;
  }
}

/** Resolves with the time from the click to the call screen. @throws JoinError when the page says that it cannot come in. */
async function joined(page: Page): Promise<number> {
  await page.waitForFunction(() => window.loadWatch?.joinMs !== undefined || window.conclave?.state.kind === 'left');
  const refusal = await page.evaluate(refusalOnPage);
  if (refusal) throw new JoinError(refusal.code, refusal.message);
  return await page.evaluate(() => window.loadWatch?.joinMs ?? Number.NaN);
}

async function readTab(tab: Tab): Promise<void> {
  const over = new AbortController();
  const limit = setTimeout(READ_LIMIT_MS, undefined, { signal: over.signal });
  const reading = Promise.all([tab.page.evaluate(readPage), tab.page.evaluate(() => window.joinToFirstFrameMs)]);
  const read = await Promise.race([reading, limit]).catch(() => 'gone' as const);
  limit.catch(() => undefined);
  over.abort();
  if (read === 'gone') tab.counts = { ...tab.counts, videos: 0, gone: true };
  else if (read) tab.counts = { ...read[0], firstMediaMs: read[1] };
}
