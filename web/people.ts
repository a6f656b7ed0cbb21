import type { MemberId, PeerId, Role, Roster, RosterPeer, Security } from '../src/client/index.ts';
import { type Doubt, doubtOf } from './security-mark.ts';

/** Somebody in the list of people. */
export interface Person {
  readonly memberId: MemberId;
  /** Absent for oneself: nobody does anything about themselves there. */
  readonly peerId: PeerId | undefined;
  readonly name: string;
  readonly role: Role;
  readonly moderator: boolean;
  readonly handRaised: boolean;
  /** Also who publishes no sound at all. */
  readonly muted: boolean;
  readonly speaking: boolean;
  readonly verified: boolean;
  readonly doubt: Doubt | undefined;
}

/** What the list needs to know of oneself, which comes back from nobody. */
export type Oneself = Pick<Person, 'name' | 'role' | 'moderator' | 'handRaised' | 'muted' | 'speaking'>;

export interface PeopleSeen {
  readonly roster: Pick<Roster, 'peers' | 'speakers'>;
  readonly security: Security;
  /** Whose hands are up, the first first. */
  readonly hands: readonly MemberId[];
  readonly oneself: Oneself;
}

/** Oneself first, then raised hands in their order, then all others as they came; those who only listen apart. */
export function listPeople({ roster, security, hands, oneself }: PeopleSeen): {
  readonly talking: readonly Person[];
  readonly listening: readonly Person[];
} {
  const { self = '' as MemberId } = security;
  const own: Person = { ...oneself, memberId: self, peerId: undefined, verified: false, doubt: undefined };
  const others = roster.peers.map((peer) => personOf(peer, roster.speakers, security));
  const turn = ({ memberId, handRaised }: Person) => {
    const at = hands.indexOf(memberId);
    return handRaised && at >= 0 ? at : hands.length;
  };
  const people = [own, ...others.toSorted((one, other) => turn(one) - turn(other))];
  return {
    talking: people.filter(({ role }) => role === 'speaker'),
    listening: people.filter(({ role }) => role === 'listener'),
  };
}

function personOf(peer: RosterPeer, speakers: readonly PeerId[], security: Security): Person {
  const { id, memberId, displayName, role, moderator, handRaised, trust, publications } = peer;
  const microphone = publications.find(({ source }) => source === 'microphone');
  return {
    memberId,
    peerId: id,
    name: displayName,
    role,
    moderator,
    handRaised,
    muted: microphone?.muted ?? true,
    speaking: speakers.includes(id),
    verified: trust === 'verified',
    doubt: doubtOf(memberId, security),
  };
}

/** The hands that are up, in the order in which they went up: who puts one down and up again stands last. */
export function handsAfter(before: readonly MemberId[], { presence }: Pick<Security, 'presence'>): readonly MemberId[] {
  const isUp = (memberId: MemberId) => presence.get(memberId)?.handRaised === true;
  const still = before.filter(isUp);
  return [...still, ...[...presence.keys()].filter((memberId) => isUp(memberId) && !still.includes(memberId))];
}
