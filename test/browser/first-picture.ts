import type { Page } from 'puppeteer-core';

declare global {
  interface Window {
    /** From the click on Join to the first picture of somebody else; absent before it. */
    joinToFirstFrameMs?: number;
  }
}

/** Measures in the page: neither the click's way nor the answer's way is in it. To be called before the link opens. */
export async function watchFirstPicture(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    let joinedAtMs = 0;
    addEventListener(
      'click',
      ({ target }) => {
        if (target instanceof Element && target.closest('button')?.textContent?.includes('Join'))
          joinedAtMs = performance.now();
      },
      { capture: true },
    );
    const watched = new WeakSet<HTMLVideoElement>();
    new MutationObserver(() => {
      for (const video of document.querySelectorAll<HTMLVideoElement>('[data-tile=peer] video')) {
        if (watched.has(video)) continue;
        watched.add(video);
        video.requestVideoFrameCallback(() => {
          window.joinToFirstFrameMs ??= performance.now() - joinedAtMs;
        });
      }
    }).observe(document, { subtree: true, childList: true });
  });
}
