import { expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { openConclaveServer } from '../support/conclave-server.ts';
import { measurePictureGaps } from './picture-gaps.ts';

/** Twelve changes, and so many pictures after each: a minute on a machine that does twenty other things. */
const LIMIT_MS = 180_000;

/** How long it takes is for bench/key-change.ts to say (67 ms): here a picture that does not come back fails. */
const LONGEST_GAP_MS = 5_000;

test(
  'new keys and other layers do not stop the picture',
  async () => {
    const server = await openConclaveServer();
    const browser = await openChromium();
    const { joins, leaves, layers } = await measurePictureGaps(server, browser, 3);
    for (const gapMs of [...joins, ...leaves, ...layers]) expect(gapMs).toBeLessThanOrEqual(LONGEST_GAP_MS);
    await browser.close();
    await server.close();
  },
  LIMIT_MS,
);
