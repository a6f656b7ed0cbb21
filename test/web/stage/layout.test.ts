import { expect, test } from 'vitest';
import type { PeerId } from '../../../src/client/index.ts';
import { cameraOf, layoutOf, type Scene, screenOf, spotKey } from '../../../web/stage/layout.ts';

const [ada, bela, chidi] = ['ada', 'bela', 'chidi'] as unknown as [PeerId, PeerId, PeerId];
const CALL: Scene = { view: 'grid', pinned: undefined, people: [ada, bela, chidi], sharers: [], holder: bela };

test.each<[string, Partial<Scene>, string]>([
  ['all are alike in the grid', {}, 'grid: - | camera ada, camera bela, camera chidi'],
  ['who speaks is large in the speaker view', { view: 'speaker' }, 'speaker: camera bela | camera ada, camera chidi'],
  [
    'the first until somebody spoke',
    { view: 'speaker', holder: undefined },
    'speaker: camera ada | camera bela, camera chidi',
  ],
  ['the first when who spoke is gone', { view: 'speaker', people: [ada, chidi] }, 'speaker: camera ada | camera chidi'],
  ['with nobody else there is nobody to be large', { view: 'speaker', people: [] }, 'grid: - | '],
  ['a screen is large in every view', { sharers: [ada] }, 'screen: screen ada | camera ada, camera bela, camera chidi'],
  [
    'the latest of several screens, the others beside',
    { sharers: [ada, chidi], view: 'speaker' },
    'screen: screen chidi | screen ada, camera ada, camera bela, camera chidi',
  ],
  [
    'who is pinned is large in the grid too',
    { pinned: cameraOf(chidi) },
    'speaker: camera chidi | camera ada, camera bela',
  ],
  [
    'who is pinned stays, whoever speaks',
    { view: 'speaker', pinned: cameraOf(ada) },
    'speaker: camera ada | camera bela, camera chidi',
  ],
  [
    'who is pinned goes before a screen',
    { sharers: [ada], pinned: cameraOf(bela) },
    'speaker: camera bela | screen ada, camera ada, camera chidi',
  ],
  [
    'a pinned screen goes before a later one',
    { sharers: [ada, bela], pinned: screenOf(ada) },
    'screen: screen ada | screen bela, camera ada, camera bela, camera chidi',
  ],
  [
    'a pinned screen that is shared no more is not missed',
    { pinned: screenOf(ada) },
    'grid: - | camera ada, camera bela, camera chidi',
  ],
  [
    'nor is a pinned person who left',
    { pinned: cameraOf(chidi), people: [ada, bela] },
    'grid: - | camera ada, camera bela',
  ],
])('%s', (_, scene, expected) => {
  const layout = layoutOf({ ...CALL, ...scene });
  const large = layout.kind === 'grid' ? '-' : spotKey(layout.large);
  expect(`${layout.kind}: ${large} | ${layout.rest.map(spotKey).join(', ')}`).toBe(expected);
});
