import type { Participant } from './participant.ts';

declare global {
  interface Window {
    /** When a picture of whom was shown, by peer id, in the page's milliseconds. */
    shownMs?: Map<string, number[]>;
  }
}

/** Notes from now on when each tile of somebody else shows a picture. */
export async function watchPictures({ page }: Participant): Promise<void> {
  await page.evaluate(() => {
    const shownMs = new Map<string, number[]>();
    window.shownMs = shownMs;
    for (const tile of document.querySelectorAll('[data-tile=peer]')) {
      const timesMs: number[] = [];
      shownMs.set(tile.getAttribute('data-peer') ?? '', timesMs);
      const video = tile.querySelector('video');
      const shown = (nowMs: number) => {
        timesMs.push(nowMs);
        video?.requestVideoFrameCallback(shown);
      };
      video?.requestVideoFrameCallback(shown);
    }
    if (shownMs.size === 0) throw new Error('nobody is seen');
  });
}

/** The page's clock, in milliseconds. */
export function pageMs({ page }: Participant): Promise<number> {
  return page.evaluate(() => performance.now());
}

/** When pictures were shown since then, by peer id. */
export async function picturesSince(
  { page }: Participant,
  sinceMs: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  return new Map(
    await page.evaluate(
      (fromMs) =>
        Array.from(window.shownMs ?? [], ([id, timesMs]) => [id, timesMs.filter((ms) => ms >= fromMs)] as const),
      sinceMs,
    ),
  );
}

/** The longest that nothing came from then on until the last of these times. */
export function largestGapMs(timesMs: readonly number[], sinceMs: number): number {
  return Math.max(...timesMs.map((ms, at) => ms - (timesMs[at - 1] ?? sinceMs)));
}
