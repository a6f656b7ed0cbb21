import type { Page } from 'puppeteer-core';
import { type Layout, windowOf } from './layout.ts';

/** What stands beside the grid takes more lines in a narrow window: known once the window is about as wide. */
const TRIES = 2;

/** Gives the page of a call the window in whose grid that layout fits, and no tile more. */
export async function fitWindow(page: Page, layout: Layout): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const beside = await page.$eval('.stage', ({ clientWidth, clientHeight }) => ({
      width: innerWidth - clientWidth,
      height: innerHeight - clientHeight,
    }));
    await page.setViewport(windowOf(layout, beside));
  }
}
