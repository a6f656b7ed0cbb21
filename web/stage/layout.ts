import type { PeerId } from '../../src/client/index.ts';

/** What one tile shows: somebody, with their camera or their initials, or the screen that they share. */
export interface Spot {
  readonly peerId: PeerId;
  readonly source: 'camera' | 'screen';
}

/** What a person asked for: everybody alike, or who speaks large. */
export type View = 'grid' | 'speaker';

export interface Scene {
  readonly view: View;
  /** Large until it is let go, or gone. */
  readonly pinned: Spot | undefined;
  /** The others who may speak, in their places. */
  readonly people: readonly PeerId[];
  /** Who shares a screen, the latest last. */
  readonly sharers: readonly PeerId[];
  /** Who speaks, or spoke last. */
  readonly holder: PeerId | undefined;
}

/** Who stands where. `rest` is everything that is not large, by pages where it is much; oneself comes beside it. */
export type Layout =
  | { readonly kind: 'grid'; readonly rest: readonly Spot[] }
  | { readonly kind: 'speaker'; readonly large: Spot; readonly rest: readonly Spot[] }
  | { readonly kind: 'screen'; readonly large: Spot; readonly rest: readonly Spot[] };

/** What is pinned goes before a shared screen, and a screen before who speaks. With nobody to be large, all are alike. */
export function layoutOf(scene: Scene): Layout {
  const { people, sharers } = scene;
  const spots = [...sharers.map(screenOf), ...people.map(cameraOf)];
  const large = largeOf(scene);
  if (!large) return { kind: 'grid', rest: spots };
  const rest = spots.filter((spot) => !isSame(spot, large));
  return { kind: large.source === 'screen' ? 'screen' : 'speaker', large, rest };
}

function largeOf({ view, pinned, people, sharers, holder }: Scene): Spot | undefined {
  if (pinned && (pinned.source === 'screen' ? sharers : people).includes(pinned.peerId)) return pinned;
  const sharer = sharers.at(-1);
  if (sharer !== undefined) return screenOf(sharer);
  if (view === 'grid') return undefined;
  const speaker = holder !== undefined && people.includes(holder) ? holder : people[0];
  return speaker === undefined ? undefined : cameraOf(speaker);
}

export const cameraOf = (peerId: PeerId): Spot => ({ peerId, source: 'camera' });
export const screenOf = (peerId: PeerId): Spot => ({ peerId, source: 'screen' });
export const isSame = (a: Spot, b: Spot): boolean => a.peerId === b.peerId && a.source === b.source;
export const spotKey = ({ peerId, source }: Spot): string => `${source} ${peerId}`;
