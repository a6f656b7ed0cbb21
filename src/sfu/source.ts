/** What is captured. A peer publishes each source at most once. */
export type Source = 'microphone' | 'camera' | 'screen' | 'screen-audio';

export type MediaKind = 'audio' | 'video';

const KINDS = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  'screen-audio': 'audio',
} as const satisfies Record<Source, MediaKind>;

export function kindOf(source: Source): MediaKind {
  return KINDS[source];
}
