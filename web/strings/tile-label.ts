import type { MarkedQuality } from '../marked-quality.ts';
import type { Doubt } from '../security-mark.ts';
import { words } from './spoken.ts';

export interface TileMarks {
  readonly speaking: boolean;
  readonly muted: boolean;
  readonly handRaised?: boolean;
  readonly doubt?: Doubt | undefined;
  readonly quality?: MarkedQuality | undefined;
}

/** `Ada, speaking, microphone off`: what a screen reader says of a tile. */
export function tileLabel(name: string, { speaking, muted, handRaised, doubt, quality }: TileMarks): string {
  const { TILE_MARKS, DOUBTS, QUALITIES } = words.value;
  const marks = [
    speaking && TILE_MARKS.speaking,
    muted && TILE_MARKS.muted,
    handRaised && TILE_MARKS.handRaised,
    doubt && DOUBTS[doubt],
    quality && QUALITIES[quality],
  ];
  return [name, ...marks].filter(Boolean).join(', ');
}
