import { expect, test } from 'vitest';
import type { PeerId, Quality } from '../../src/client/index.ts';
import { type MarkedQuality, markedAfter } from '../../web/marked-quality.ts';

const ada = 'ada' as PeerId;
const MARKED: ReadonlyMap<PeerId, MarkedQuality> = new Map([[ada, 'poor']]);

test.each<[Quality | undefined, MarkedQuality | undefined]>([
  ['excellent', undefined],
  ['good', undefined],
  ['poor', 'poor'],
  ['lost', 'lost'],
  [undefined, undefined],
])('who comes through %s has the mark %s, whatever it was', (quality, mark) => {
  expect(markedAfter(new Map(), ada, quality).get(ada)).toBe(mark);
  expect(markedAfter(MARKED, ada, quality).get(ada)).toBe(mark);
});
