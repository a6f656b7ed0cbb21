import { type DeviceId, type MemberId, type RoomId, randomId, type UserId } from '../../../src/base/index.ts';
import {
  type Admission,
  type Announcement,
  callSecretAdmission,
  createSignatureKeyPair,
  Group,
  type GroupSettings,
  type Member,
  type MemberCredential,
  PendingMember,
  type StagedCommit,
} from '../../../src/crypto/mls/index.ts';

export const ROOM = 'room-1' as RoomId;
export const SECRET = Uint8Array.from({ length: 32 }, (_, index) => index);

export const admissionOf = (secret = SECRET, roomId = ROOM, lobby = false): Promise<Admission> =>
  callSecretAdmission({ secret, roomId, lobby });

export const credentialOf = (name: string): MemberCredential => ({
  userId: `user-${name}` as UserId,
  deviceId: `device-${name}` as DeviceId,
  memberId: `${name}-${randomId()}` as MemberId,
});

/** Settings of a person who holds the link; a new device each time. */
export async function settingsOf(name: string, other: Partial<GroupSettings> = {}): Promise<GroupSettings> {
  return {
    roomId: ROOM,
    credential: credentialOf(name),
    signatureKeys: await createSignatureKeyPair(),
    admission: await admissionOf(),
    name,
    ...other,
  };
}

/** Somebody who wants in, as the server tells of them. */
export async function knock(name: string, other: Partial<GroupSettings> = {}) {
  const settings = await settingsOf(name, other);
  const pending = await PendingMember.create(settings);
  return { pending, settings, candidate: { credential: settings.credential, keyPackage: pending.keyPackage } };
}

export type Knocking = Awaited<ReturnType<typeof knock>>;

export const ownMember = (group: Group): Member => {
  const own = group.members.find(({ leaf }) => leaf === group.ownLeaf);
  if (!own) throw new Error('not in its own group');
  return own;
};

/** What an honest server says of a commit. */
export function announce(
  committer: Group,
  { added, removed }: StagedCommit,
  knocking: readonly Knocking[] = [],
): Announcement {
  const credentials = knocking.map(({ settings }) => settings.credential);
  return {
    committer: ownMember(committer).credential.memberId,
    added: credentials.filter(({ memberId }) => added.includes(memberId)),
    removed,
  };
}

/** The committer stages, everybody follows, and those who were added come in. */
export async function commit(
  committer: Group,
  others: readonly Group[],
  { adds = [], removes = [] }: { readonly adds?: readonly Knocking[]; readonly removes?: readonly Group[] },
) {
  const { staged } = await committer.stage({
    adds: adds.map(({ candidate }) => candidate),
    removes: removes.map((group) => ownMember(group).credential.memberId),
  });
  if (!staged) throw new Error('nothing was staged');
  const announced = announce(committer, staged, adds);
  const outcomes = await Promise.all(others.map((group) => group.process(staged.commit, announced)));
  await committer.apply(staged);
  const joins = await Promise.all(adds.map(({ pending }) => pending.join(staged.welcome ?? new Uint8Array())));
  const joined = joins.map((join) => {
    if (join.kind === 'refused') throw new Error(`did not join: ${join.reason}`);
    return join.group;
  });
  return { staged, announced, outcomes, joined };
}

/** A group of these people, each added by the first in a commit of their own. */
export async function groupOf(...names: readonly string[]): Promise<Group[]> {
  const [first = 'ada', ...rest] = names;
  const groups = [await Group.found(await settingsOf(first))];
  for (const name of rest) {
    const [founder, ...others] = groups;
    if (!founder) throw new Error('nobody');
    const { joined } = await commit(founder, others, { adds: [await knock(name)] });
    groups.push(...joined);
  }
  return groups;
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
