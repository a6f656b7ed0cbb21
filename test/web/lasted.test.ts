import { expect, test } from 'vitest';
import { lasted } from '../../web/lasted.ts';
import { en } from '../../web/strings/en.ts';
import { it } from '../../web/strings/it.ts';

const MINUTE_MS = 60_000;

test.each([
  [59_000, 'You were in the call for less than a minute.', 'Per te la chiamata è durata meno di un minuto.'],
  [MINUTE_MS, 'You were in the call for 1 minute.', 'Per te la chiamata è durata un minuto.'],
  [12.9 * MINUTE_MS, 'You were in the call for 12 minutes.', 'Per te la chiamata è durata 12 minuti.'],
  [60 * MINUTE_MS, 'You were in the call for 1 hour.', 'Per te la chiamata è durata un’ora.'],
  [125 * MINUTE_MS, 'You were in the call for 2 hours and 5 minutes.', 'Per te la chiamata è durata 2 ore e 5 minuti.'],
])('%i ms: %s', (ms, english, italian) => {
  expect([en.lastedNotice(lasted(ms)), it.lastedNotice(lasted(ms))]).toEqual([english, italian]);
});
