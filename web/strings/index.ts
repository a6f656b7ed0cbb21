import { spoken, words } from './spoken.ts';
import type { Words } from './words.ts';

export { isTurnedAway, leftNotice } from './left-notice.ts';
export { language } from './spoken.ts';
export { tileLabel } from './tile-label.ts';

// What the page says, in the language of its reader: the words are in en.ts and it.ts, under the same names.

export const STRINGS = spoken('STRINGS');
export const DOUBTS = spoken('DOUBTS');
export const QUALITIES = spoken('QUALITIES');
export const TRUSTS = spoken('TRUSTS');
export const SECURITY_MARKS = spoken('SECURITY_MARKS');
export const HALTS = spoken('HALTS');
export const REACTIONS = spoken('REACTIONS');
export const moderationNotice = spoken('MODERATION');

export const abortNotice: Words['abortNotice'] = (reason, names) => words.value.abortNotice(reason, names);
export const deviceNotice: Words['deviceNotice'] = (error) => words.value.deviceNotice(error);
export const replacedNotice: Words['replacedNotice'] = (kind) => words.value.replacedNotice(kind);
export const unreadLabel: Words['unreadLabel'] = (count) => words.value.unreadLabel(count);
export const pageLabel: Words['pageLabel'] = (page, count) => words.value.pageLabel(page, count);
export const recordingLabel: Words['recordingLabel'] = (names) => words.value.recordingLabel(names);
export const listenersLabel: Words['listenersLabel'] = (count) => words.value.listenersLabel(count);
export const peopleLabel: Words['peopleLabel'] = (count, state) => words.value.peopleLabel(count, state);
export const personLabel: Words['personLabel'] = (name) => words.value.personLabel(name);
export const volumeLabel: Words['volumeLabel'] = (name) => words.value.volumeLabel(name);
export const pinLabel: Words['pinLabel'] = (name) => words.value.pinLabel(name);
export const moreLabel: Words['moreLabel'] = (name) => words.value.moreLabel(name);
export const lastedNotice: Words['lastedNotice'] = (lasted) => words.value.lastedNotice(lasted);
export const screenLabel: Words['screenLabel'] = (name) => words.value.screenLabel(name);

/** For those who do not see the tiles. */
export const announcements = {
  hand: (name: string) => words.value.handAnnouncement(name),
  reaction: (name: string, emoji: string) =>
    `${name}: ${REACTIONS.find((reaction) => reaction.emoji === emoji)?.name ?? emoji}`,
};
