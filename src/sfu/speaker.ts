import type { PeerId } from '../base/index.ts';

/*
 * Who speaks, decided from audio levels that arrive a few times a second. Levels are averages in dBov (RFC 6464): 0 is the
 * loudest that can be said, speech at a normal distance is -20 to -45, a quiet room -60 to -80.
 */

/** Who is at least this loud begins to speak: above keyboards and fans, below a soft voice. Higher misses soft voices. */
export const BEGIN_DBOV = -50;

/** Who speaks goes on while at least this loud: the ends of sentences are softer than their beginnings. */
export const GO_ON_DBOV = -58;

/** A speaker stays one for so long after the last sound: pauses between words are shorter. Higher leaves marks on the silent. */
export const HOLD_MS = 1_000;

/** Somebody is shown before a louder speaker only when louder by this much: levels differ by less from syllable to syllable. */
export const OVERTAKE_DB = 6;

/** How much a new level counts against those before it: about three intervals make the order. */
const SMOOTHING = 0.4;

export interface AudioLevel {
  readonly peerId: PeerId;
  readonly levelDbov: number;
}

export interface Speaker {
  readonly peerId: PeerId;
  readonly levelDbov: number;
  readonly heardMs: number;
}

/** Who speaks after `levels` were measured; loudest first. Peers without a level were silent. */
export function nextSpeakers(speakers: readonly Speaker[], levels: readonly AudioLevel[], nowMs: number): Speaker[] {
  const measured = new Map(levels.map(({ peerId, levelDbov }) => [peerId, levelDbov]));
  const next: Speaker[] = [];
  for (const speaker of speakers) {
    const levelDbov = measured.get(speaker.peerId) ?? Number.NEGATIVE_INFINITY;
    measured.delete(speaker.peerId);
    if (levelDbov >= GO_ON_DBOV) next.push(heard(speaker, levelDbov, nowMs));
    else if (nowMs - speaker.heardMs < HOLD_MS) next.push(speaker);
  }
  for (const [peerId, levelDbov] of measured) {
    if (levelDbov >= BEGIN_DBOV) next.push({ peerId, levelDbov, heardMs: nowMs });
  }
  return ordered(next);
}

/** When the next speaker's hold ends, if nothing more is heard; `undefined` when nobody speaks. */
export function holdEndsMs(speakers: readonly Speaker[]): number | undefined {
  return speakers.length === 0 ? undefined : Math.min(...speakers.map(({ heardMs }) => heardMs)) + HOLD_MS;
}

/** The level of who was loud before and is `levelDbov` now. */
export function smoothed(beforeDbov: number, levelDbov: number): number {
  return beforeDbov + SMOOTHING * (levelDbov - beforeDbov);
}

function heard(speaker: Speaker, levelDbov: number, nowMs: number): Speaker {
  return { peerId: speaker.peerId, levelDbov: smoothed(speaker.levelDbov, levelDbov), heardMs: nowMs };
}

/** Moves each speaker forward past those who are clearly softer, and leaves the rest as it was. */
function ordered(speakers: Speaker[]): Speaker[] {
  for (let end = 1; end < speakers.length; end += 1) {
    for (let at = end; at > 0; at -= 1) {
      const [before, after] = [speakers[at - 1], speakers[at]];
      if (!before || !after || after.levelDbov < before.levelDbov + OVERTAKE_DB) break;
      speakers[at - 1] = after;
      speakers[at] = before;
    }
  }
  return speakers;
}
