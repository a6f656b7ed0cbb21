import axe from 'axe-core';
import type { Page } from 'puppeteer-core';

/** What stops people from using a page, or nearly does: https://github.com/dequelabs/axe-core/blob/develop/doc/issue_impact.md. */
const GRAVE: ReadonlySet<string | null | undefined> = new Set(['serious', 'critical']);

const SCHEMES = ['light', 'dark'] as const;

/** What axe-core finds wrong with the page as it stands, in light and in dark: a line each. */
export async function graveFindings(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const value of SCHEMES) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
    await page.evaluate(settleColours);
    found.push(...(await findings(page)).map((finding) => `${value}: ${finding}`));
  }
  return found;
}

async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source); // again where it is there already: no screen is loaded anew
  const { violations, passes } = await page.evaluate(() => window.axe.run(document));
  if (passes.length === 0) throw new Error('axe-core looked at nothing');
  return violations
    .filter(({ impact }) => GRAVE.has(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`));
}

/** Runs in the page: colours fade from one scheme into the other, and half way their contrast is neither's. */
async function settleColours(): Promise<void> {
  await new Promise(requestAnimationFrame);
  const fades = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
  await Promise.allSettled(fades.map(({ finished }) => finished));
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
