import type { Page } from 'puppeteer-core';

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** What a person sees of the first tile of somebody else: the mean colour of its middle, as the browser puts it on the screen. */
export async function tileColour(page: Page): Promise<Colour> {
  const tile = await page.waitForSelector('[data-tile=peer]');
  const png = await tile?.screenshot({ encoding: 'base64' });
  return await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes]));
    const { width, height } = picture;
    const canvas = new OffscreenCanvas(1, 1);
    const pen = canvas.getContext('2d');
    pen?.drawImage(picture, width / 4, height / 4, width / 2, height / 2, 0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = pen?.getImageData(0, 0, 1, 1).data ?? [];
    return [red, green, blue] as const;
  }, png ?? '');
}

export function distance(a: Colour, b: Colour): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Sets the height of the first tile of somebody else by hand; 0 leaves it as it is and lets the SDK believe that it is not to be seen. */
export async function setTileHeight(page: Page, heightPx: number): Promise<void> {
  await page.$eval(
    '[data-tile=peer]',
    (tile, wantedPx) => {
      const video = tile.querySelector('video');
      if (!video) throw new Error('no video');
      if (wantedPx === 0) Object.defineProperty(video, 'clientHeight', { get: () => 0, configurable: true });
      else Reflect.deleteProperty(video, 'clientHeight');
      // Any change of size, so that the SDK measures again.
      (tile as HTMLElement).style.height = wantedPx === 0 ? `${tile.clientHeight - 1}px` : `${wantedPx}px`;
    },
    heightPx,
  );
}

/** How long it takes from that height until the first picture of more lines than `lines` is there, in milliseconds. */
export function growthMs(page: Page, heightPx: number, lines: number): Promise<number> {
  return page.$eval(
    '[data-tile=peer]',
    (tile, wantedPx, fewer) =>
      new Promise<number>((resolve) => {
        const video = tile.querySelector('video');
        const sinceMs = performance.now();
        const look = (_: number, { height }: VideoFrameCallbackMetadata) => {
          if (height > fewer) resolve(performance.now() - sinceMs);
          else video?.requestVideoFrameCallback(look);
        };
        (tile as HTMLElement).style.height = `${wantedPx}px`;
        video?.requestVideoFrameCallback(look);
      }),
    heightPx,
    lines,
  );
}
