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
  /** When it took somebody's place without being measured, until it was. */
  readonly takenMs: number | undefined;
}

const UNHEARD = { heard: false, levelDbov: undefined, claimedMs: undefined, takenMs: undefined } as const;

/** In the order in which they were opened. */
export type Microphones = ReadonlyMap<PeerId, Microphone>;

export type HeardEvent =
  | { readonly kind: 'opened'; readonly peerId: PeerId; readonly muted: boolean }
  | { readonly kind: 'closed' | 'muted' | 'unmuted' | 'claimed'; readonly peerId: PeerId }
  | { readonly kind: 'measured'; readonly levels: readonly AudioLevel[] };

/**
 * Whose microphones are heard after `event`. At most `max`, and all that are not muted when there are no more of those; places left
 * over go to the muted, so that unmuting finds one. Else who spoke last, until somebody speaks who is not among them: whoever has
 * been silent for longest makes room, or, when nobody is silent, whoever is clearly softer.
 */
export function nextHeard(before: Microphones, event: HeardEvent, nowMs: number, max: number): Microphones {
  switch (event.kind) {
    case 'opened': {
      const { peerId, muted } = event;
      const fresh = { ...UNHEARD, muted, spokeMs: nowMs };
      return given(filled(changed(before, peerId, fresh), max), muted ? [] : [peerId], nowMs);
    }
    case 'closed': {
      const after = new Map(before);
      return after.delete(event.peerId) ? filled(after, max) : before;
    }
    case 'muted': {
      const microphone = before.get(event.peerId);
      return microphone ? filled(changed(before, event.peerId, { ...microphone, muted: true }), max) : before;
    }
    case 'unmuted': {
      const microphone = before.get(event.peerId);
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

/** Refused before anything is looked through: a flood costs nothing. */
function claimed(before: Microphones, peerId: PeerId, nowMs: number): Microphones {
  const microphone = before.get(peerId);
  if (!microphone || microphone.heard || microphone.muted || !isBelieved(microphone, nowMs)) return before;
  const after = given(before, [peerId], nowMs);
  const comer = after.get(peerId);
  return comer?.heard ? changed(after, peerId, { ...comer, claimedMs: nowMs }) : before;
}

function measured(before: Microphones, levels: readonly AudioLevel[], nowMs: number): Microphones {
  const after = new Map(before);
  const begun: PeerId[] = [];
  for (const { peerId, levelDbov } of [...levels].sort((a, b) => b.levelDbov - a.levelDbov)) {
    const microphone = after.get(peerId);
    if (!microphone || microphone.muted) continue;
    if (levelDbov < (speaks(microphone, nowMs) ? GO_ON_DBOV : BEGIN_DBOV)) continue;
    const lastDbov = nowMs - microphone.spokeMs < HOLD_MS ? microphone.levelDbov : undefined;
    const smoothDbov = lastDbov === undefined ? levelDbov : smoothed(lastDbov, levelDbov);
    after.set(peerId, {
      ...microphone,
      spokeMs: nowMs,
      levelDbov: smoothDbov,
      claimedMs: undefined,
      takenMs: undefined,
    });
    if (!microphone.heard) begun.push(peerId);
  }
  return given(after, begun, nowMs);
}

/** The first of `peerIds` that somebody makes room for are heard. */
function given(before: Microphones, peerIds: readonly PeerId[], nowMs: number): Microphones {
  let after = before;
  for (const peerId of peerIds) {
    const comer = after.get(peerId);
    if (!comer || comer.heard) continue;
    const victim = makesRoom(after, comer, nowMs);
    if (victim === undefined) break;
    after = changed(after, victim[0], { ...victim[1], heard: false });
    const takenMs = isMeasured(comer, nowMs) ? undefined : nowMs;
    after = changed(after, peerId, { ...comer, heard: true, takenMs });
  }
  return after;
}

/** Who of those who are heard makes room for `comer`. While somebody waits, none of them is muted. */
function makesRoom(microphones: Microphones, comer: Microphone, nowMs: number): [PeerId, Microphone] | undefined {
  const heard = [...microphones].filter(([, microphone]) => microphone.heard);
  const unmeasured = heard.filter(([, { takenMs }]) => takenMs !== undefined && nowMs - takenMs < CONFIRM_MS);
  if (!isMeasured(comer, nowMs) && unmeasured.length >= MAX_UNMEASURED) return undefined;
  const silent = heard.filter(([, microphone]) => !speaks(microphone, nowMs));
  if (silent.length > 0) return silent.reduce((a, b) => (b[1].spokeMs < a[1].spokeMs ? b : a));
  if (!isMeasured(comer, nowMs) || heard.length === 0) return undefined;
  const softest = heard.reduce((a, b) => (loudness(b[1]) < loudness(a[1]) ? b : a));
  return loudness(comer) >= loudness(softest[1]) + OVERTAKE_DB ? softest : undefined;
}

/** Gives the places that no unmuted microphone has: to the unmuted who wait, then to the muted who have one, then to other muted. */
function filled(before: Microphones, max: number): Microphones {
  const rank = ({ muted, heard }: Microphone) => (muted ? (heard ? 1 : 2) : 0);
  const others = [...before].filter(([, { muted, heard }]) => muted || !heard);
  const places = max - (before.size - others.length);
  others.sort(([, a], [, b]) => rank(a) - rank(b) || b.spokeMs - a.spokeMs);
  const after = new Map(before);
  others.forEach(([peerId, microphone], at) => {
    if (microphone.heard !== at < places) after.set(peerId, { ...microphone, heard: at < places });
  });
  return after;
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

function changed(before: Microphones, peerId: PeerId, microphone: Microphone): Microphones {
  return new Map(before).set(peerId, microphone);
}
