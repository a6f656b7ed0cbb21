/*
 * How long the picture stands still when keys or layers change: the longest time between two pictures of somebody's
 * tile, in a real browser through the real server, while members without a browser join and leave and while the tile
 * changes its size. `quiet` is the same with nothing changed: what the machine itself does to the picture.
 */
import { measurePictureGaps } from '../test/browser/picture-gaps.ts';
import { openChromium } from '../test/support/chromium.ts';
import { openConclaveServer } from '../test/support/conclave-server.ts';
import { benchOptions, report } from './report.ts';

const TIMES = { quick: 3, full: 10 };

const options = benchOptions();
const times = options.quick ? TIMES.quick : TIMES.full;
const server = await openConclaveServer();
const browser = await openChromium();
try {
  const { quiet, joins, leaves, layers } = await measurePictureGaps(server, browser, times);
  const figures = {
    times,
    quiet_gap_ms: Math.max(...quiet),
    join_gap_ms: Math.max(...joins),
    leave_gap_ms: Math.max(...leaves),
    layer_gap_ms: Math.max(...layers),
    quiet_gaps_ms: quiet,
    join_gaps_ms: joins,
    leave_gaps_ms: leaves,
    layer_gaps_ms: layers,
  };
  report('key-change', figures, options);
} finally {
  await browser.close();
  await server.close();
}
