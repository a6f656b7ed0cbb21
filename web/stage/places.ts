import type { PeerId } from '../../src/client/index.ts';

/** Where people stand. Whoever has a place keeps it: a face is found where it was. */
export interface Places {
  readonly order: readonly PeerId[];
  /** Who held the floor, latest first. */
  readonly heard: readonly PeerId[];
}

export interface Seating {
  /** In order of arrival. */
  readonly people: readonly PeerId[];
  readonly speakers: readonly PeerId[];
  /** Who is to be among the first `seats`; `undefined` moves nobody. */
  readonly holder: PeerId | undefined;
  /** How many of the first places are in sight; 1 where who speaks stands large. */
  readonly seats: number;
}

export const NO_PLACES: Places = { order: [], heard: [] };

/** Who speaks out of sight changes places with who was silent longest; nobody else moves. The very same object when nobody does. */
export function placesAfter(before: Places, { people, speakers, holder, seats }: Seating): Places {
  const here = staying(before.order, people);
  const heard = [
    ...(holder === undefined ? [] : [holder]),
    ...before.heard.filter((peerId) => peerId !== holder),
  ].filter((peerId) => people.includes(peerId));
  const from = holder === undefined ? -1 : here.indexOf(holder);
  const order = from < seats ? here : swapped(here, from, quietest(here.slice(0, seats), { speakers, heard }));
  return isEqual(order, before.order) && isEqual(heard, before.heard) ? before : { order, heard };
}

/** Those of `before` who are still there, then who came, both as they were. The very same object when it is the same. */
export function staying<Id>(before: readonly Id[], now: readonly Id[]): readonly Id[] {
  const next = [...before.filter((id) => now.includes(id)), ...now.filter((id) => !before.includes(id))];
  return isEqual(before, next) ? before : next;
}

/** The index of who can best be spared: not who speaks now, then who was heard longest ago, then who came last. */
function quietest(seated: readonly PeerId[], { speakers, heard }: Pick<Places, 'heard'> & Pick<Seating, 'speakers'>) {
  const ranks = seated.map((peerId, index) => {
    const heardAt = heard.indexOf(peerId);
    return { index, speaks: speakers.includes(peerId) ? 1 : 0, silence: heardAt < 0 ? heard.length : heardAt };
  });
  const [first] = ranks.sort((a, b) => a.speaks - b.speaks || b.silence - a.silence || b.index - a.index);
  return first?.index ?? 0;
}

function swapped<Id>(order: readonly Id[], a: number, b: number): readonly Id[] {
  return order.map((id, index) => (index === a ? order[b] : index === b ? order[a] : id) ?? id);
}

const isEqual = <Id>(a: readonly Id[], b: readonly Id[]) => a.length === b.length && a.every((id, at) => id === b[at]);
