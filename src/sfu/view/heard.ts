import type { PeerId } from '../../base/index.ts';
import { type AudioLevel, BEGIN_DBOV, GO_ON_DBOV, HOLD_MS, OVERTAKE_DB, smoothed } from '../speaker.ts';

/** Who says that it speaks is measured by then: two intervals of the meter and the way there. Higher keeps liars longer. */
const CONFIRM_MS = 1_000;

/** Who said so and was silent is not believed for so long. It is still heard as soon as it is measured. */
const DISBELIEF_MS = 30_000;

/**
 * So many in a second take places of others without being measured: two people who begin together, and one who unmutes. Each costs every
 * listener a consumer. Higher lets a crowd that claims, or comes in unmuted, keep the whole room opening them.
 */
const MAX_UNMEASURED = 3;

const UNMEASURED_WITHIN_MS = 1_000;

/** One microphone of the room, as the choice sees it. */
export interface Microphone {
  readonly heard: boolean;
  readonly muted: boolean;
  /** When it was last measured to speak, or else opened or unmuted. */
  readonly spokeMs: number;
  /** Smoothed, of when it spoke; `undefined` when it was not measured since it was opened or unmuted. */
  readonly levelDbov: number | undefined;
  /** When its owner last said that it speaks, until it was measured. */
  readonly claimedMs: number | undefined;
}

const UNHEARD = { heard: false, levelDbov: undefined, claimedMs: undefined } as const;

/** In the order in which they were opened. */
export type Microphones = ReadonlyMap<PeerId, Microphone>;

/** Whose microphones a room hears. */
export interface Choice {
  readonly microphones: Microphones;
  /** When somebody last took a place without being measured, so often as that may be. It outlives whoever did. */
  readonly unmeasuredMs: readonly number[];
}

export const NOBODY: Choice = { microphones: new Map(), unmeasuredMs: [] };

export type HeardEvent =
  /** `spokeMs`: of one that was interrupted, as it was then. */
  | { readonly kind: 'opened'; readonly peerId: PeerId; readonly muted: boolean; readonly spokeMs?: number }
  | { readonly kind: 'closed' | 'muted' | 'unmuted' | 'claimed'; readonly peerId: PeerId }
  | { readonly kind: 'measured'; readonly levels: readonly AudioLevel[] };

/**
 * Whose microphones are heard after `event`. At most `max`, and all that are not muted when there are no more of those; places left
 * over go to the muted, so that unmuting finds one. Else who spoke last, until somebody speaks who is not among them: whoever has
 * been silent for longest makes room, or, when nobody is silent, whoever is clearly softer. `before` when nothing has changed.
 */
export function nextHeard(before: Choice, event: HeardEvent, nowMs: number, max: number): Choice {
  switch (event.kind) {
    case 'opened':
      return opened(before, event, nowMs, max);
    case 'closed': {
      const microphones = new Map(before.microphones);
      return microphones.delete(event.peerId) ? filled({ ...before, microphones }, max) : before;
    }
    case 'muted': {
      const microphone = before.microphones.get(event.peerId);
      return microphone ? filled(changed(before, event.peerId, { ...microphone, muted: true }), max) : before;
    }
    case 'unmuted': {
      const microphone = before.microphones.get(event.peerId);
      if (!microphone) return before;
      const unmuted = { ...microphone, muted: false, spokeMs: nowMs, levelDbov: undefined };
      return given(filled(changed(before, event.peerId, unmuted), max), [event.peerId], nowMs);
    }
    case 'claimed':
      return claimed(before, event.peerId, nowMs);
    case 'measured':
      return measured(before, event.levels, nowMs);
  }
}

/** One that was interrupted takes no place of who has spoken since. */
function opened(before: Choice, event: HeardEvent & { readonly kind: 'opened' }, nowMs: number, max: number): Choice {
  const { peerId, muted, spokeMs = nowMs } = event;
  const after = filled(changed(before, peerId, { ...UNHEARD, muted, spokeMs }), max);
  const isLater = [...after.microphones.values()].some((other) => other.heard && other.spokeMs <= spokeMs);
  return isLater && !muted ? given(after, [peerId], nowMs) : after;
}

/** Refused before anything is looked through: a flood costs nothing. */
function claimed(before: Choice, peerId: PeerId, nowMs: number): Choice {
  const microphone = before.microphones.get(peerId);
  if (!microphone || microphone.heard || microphone.muted || !isBelieved(microphone, nowMs)) return before;
  const after = given(before, [peerId], nowMs);
  const comer = after.microphones.get(peerId);
  return comer?.heard ? changed(after, peerId, { ...comer, claimedMs: nowMs }) : before;
}

function measured(before: Choice, levels: readonly AudioLevel[], nowMs: number): Choice {
  const speaking = levels.flatMap(({ peerId, levelDbov }): [PeerId, Microphone][] => {
    const microphone = before.microphones.get(peerId);
    if (!microphone || microphone.muted) return [];
    if (levelDbov < (speaks(microphone, nowMs) ? GO_ON_DBOV : BEGIN_DBOV)) return [];
    const lastDbov = nowMs - microphone.spokeMs < HOLD_MS ? microphone.levelDbov : undefined;
    const smoothDbov = lastDbov === undefined ? levelDbov : smoothed(lastDbov, levelDbov);
    return [[peerId, { ...microphone, spokeMs: nowMs, levelDbov: smoothDbov, claimedMs: undefined }]];
  });
  if (speaking.length === 0) return before;
  const after = { ...before, microphones: new Map([...before.microphones, ...speaking]) };
  const louderFirst = [...levels].sort((a, b) => b.levelDbov - a.levelDbov);
  const spoke = new Map(speaking);
  const begun = louderFirst.filter(({ peerId }) => spoke.get(peerId)?.heard === false);
  return given(
    after,
    begun.map(({ peerId }) => peerId),
    nowMs,
  );
}

/** The first of `peerIds` that somebody makes room for are heard. */
function given(before: Choice, peerIds: readonly PeerId[], nowMs: number): Choice {
  let after = before;
  for (const peerId of peerIds) {
    const comer = after.microphones.get(peerId);
    if (!comer || comer.heard) continue;
    const victim = makesRoom(after, comer, nowMs);
    if (victim === undefined) break;
    after = changed(after, victim[0], { ...victim[1], heard: false });
    after = changed(after, peerId, { ...comer, heard: true });
    if (isMeasured(comer, nowMs)) continue;
    after = { ...after, unmeasuredMs: [...after.unmeasuredMs, nowMs].slice(-MAX_UNMEASURED) };
  }
  return after;
}

/** Who of those who are heard makes room for `comer`. While somebody waits, none of them is muted. */
function makesRoom(choice: Choice, comer: Microphone, nowMs: number): [PeerId, Microphone] | undefined {
  const byMeasure = isMeasured(comer, nowMs);
  if (!byMeasure && !mayBeUnmeasured(choice, nowMs)) return undefined;
  const heard = [...choice.microphones].filter(([, microphone]) => microphone.heard);
  const silent = heard.filter(([, microphone]) => !speaks(microphone, nowMs));
  if (silent.length > 0) return silent.reduce((a, b) => (b[1].spokeMs < a[1].spokeMs ? b : a));
  if (!byMeasure || heard.length === 0) return undefined;
  const softest = heard.reduce((a, b) => (loudness(b[1]) < loudness(a[1]) ? b : a));
  return loudness(comer) >= loudness(softest[1]) + OVERTAKE_DB ? softest : undefined;
}

/** Gives the places that no unmuted microphone has: to the unmuted who wait, then to the muted who have one, then to other muted. */
function filled(before: Choice, max: number): Choice {
  const rank = ({ muted, heard }: Microphone) => (muted ? (heard ? 1 : 2) : 0);
  const others = [...before.microphones].filter(([, { muted, heard }]) => muted || !heard);
  const places = max - (before.microphones.size - others.length);
  others.sort(([, a], [, b]) => rank(a) - rank(b) || b.spokeMs - a.spokeMs);
  const microphones = new Map(before.microphones);
  others.forEach(([peerId, microphone], at) => {
    if (microphone.heard !== at < places) microphones.set(peerId, { ...microphone, heard: at < places });
  });
  return { ...before, microphones };
}

function mayBeUnmeasured({ unmeasuredMs }: Choice, nowMs: number): boolean {
  return unmeasuredMs.filter((takenMs) => nowMs - takenMs < UNMEASURED_WITHIN_MS).length < MAX_UNMEASURED;
}

/** Also in the pauses between words, and while its owner's word is believed. */
function speaks(microphone: Microphone, nowMs: number): boolean {
  const { spokeMs, levelDbov } = microphone;
  return (levelDbov !== undefined && nowMs - spokeMs < HOLD_MS) || isClaiming(microphone, nowMs);
}

function isMeasured({ spokeMs, levelDbov }: Microphone, nowMs: number): boolean {
  return spokeMs === nowMs && levelDbov !== undefined;
}

function isClaiming({ claimedMs }: Microphone, nowMs: number): boolean {
  return claimedMs !== undefined && nowMs - claimedMs < CONFIRM_MS;
}

function isBelieved({ claimedMs }: Microphone, nowMs: number): boolean {
  return claimedMs === undefined || nowMs - claimedMs >= CONFIRM_MS + DISBELIEF_MS;
}

function loudness({ levelDbov }: Microphone): number {
  return levelDbov ?? Number.NEGATIVE_INFINITY;
}

function changed(before: Choice, peerId: PeerId, microphone: Microphone): Choice {
  return { ...before, microphones: new Map(before.microphones).set(peerId, microphone) };
}
