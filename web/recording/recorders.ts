import type { Roster } from '../../src/client/index.ts';

/** Names of the others who record, in the order in which they came. */
export function recordersOf(roster: Roster): readonly string[] {
  return roster.peers.filter(({ recording }) => recording).map(({ displayName }) => displayName);
}
