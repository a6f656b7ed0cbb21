import { addHistoricalReceiverData } from 'ts-mls/clientState.js';
import { createCommit } from 'ts-mls/createCommit.js';
import type { KeyPackage } from 'ts-mls/keyPackage.js';
import { encodeMlsMessage } from 'ts-mls/message.js';
import type { Proposal } from 'ts-mls/proposal.js';
import { consumeRatchet } from 'ts-mls/secretTree.js';
import type { MemberId } from '../../base/index.ts';
import type { LeafClaim } from './admission.ts';
import { isSameStay } from './announcement.ts';
import type { MemberCredential } from './credential.ts';
import { type Epoch, epochAfter, numberOf, ownLeafOf } from './epoch.ts';
import type { Ground } from './ground.ts';
import { decodeKeyPackage, readFresh } from './key-package.ts';
import type { LeafReading } from './leaf.ts';
import { MAX_ADDS, MAX_LEAVES, MAX_REMOVES } from './limits.ts';
import type { Member } from './member.ts';
import type { AddRefusal, RemoveRefusal } from './refusal.ts';
import { duplicate, encryptionKeysOf, isAdmitted, rosterOf } from './roster.ts';

/** Somebody who wants in: what the server says of them, and what they sent. */
export interface Candidate {
  readonly credential: MemberCredential;
  readonly keyPackage: Uint8Array;
}

/** Nobody to add and nobody to remove is a refresh of our own keys. */
export interface Batch {
  readonly adds: readonly Candidate[];
  readonly removes: readonly MemberId[];
}

/** A commit of ours that nobody has accepted yet. */
export interface StagedCommit {
  /** The epoch that it ends. */
  readonly epoch: bigint;
  readonly commit: Uint8Array;
  /** For all who are added; absent when nobody is. */
  readonly welcome?: Uint8Array;
  readonly added: readonly MemberId[];
  readonly removed: readonly MemberId[];
}

export interface RefusedAdd {
  readonly memberId: MemberId;
  readonly reason: AddRefusal;
}

export interface RefusedRemove {
  readonly memberId: MemberId;
  readonly reason: RemoveRefusal;
}

export interface StageOutcome {
  /** Absent when everything that was asked for was refused: then there is nothing to commit. */
  readonly staged?: StagedCommit;
  readonly refusedAdds: readonly RefusedAdd[];
  readonly refusedRemoves: readonly RefusedRemove[];
}

/** What has to be kept to apply it, and `present`: our epoch, in which the key that sealed it is spent. */
export interface Staging {
  readonly outcome: StageOutcome;
  readonly next?: Epoch;
  readonly present: Epoch;
  readonly consumed: readonly Uint8Array[];
}

export async function stageCommit(ground: Ground, epoch: Epoch, batch: Batch): Promise<Staging> {
  const { removed, refusedRemoves } = sortRemoves(epoch, batch.removes);
  const staying = epoch.members.filter((member) => !removed.includes(member));
  const { added, refusedAdds } = await sortAdds(ground, { epoch, staying }, batch.adds);
  const refusals = { refusedAdds, refusedRemoves };
  const asked = batch.adds.length + batch.removes.length;
  if (asked > 0 && added.length + removed.length === 0) return { outcome: refusals, present: epoch, consumed: [] };

  const { suite, admission } = ground;
  const extraProposals: Proposal[] = [
    ...removed.map(({ leaf }) => ({ proposalType: 'remove' as const, remove: { removed: leaf } })),
    ...added.map(({ keyPackage }) => ({ proposalType: 'add' as const, add: { keyPackage } })),
  ];
  const { library } = epoch;
  const context = { state: library, cipherSuite: suite };
  const made = await createCommit(context, { extraProposals, ratchetTreeExtension: true });
  const members = await rosterOf(made.newState.ratchetTree, admission, staying);
  if (typeof members === 'string') throw new Error(`our own commit is not acceptable: ${members}`);

  // The library leaves the key that sealed the commit in place; another commit in this epoch must not use it again.
  const spent = await consumeRatchet(library.secretTree, ownLeafOf(epoch) * 2, 'commit', suite);
  const staged: StagedCommit = {
    epoch: numberOf(epoch),
    commit: encodeMlsMessage(made.commit),
    ...(made.welcome && {
      welcome: encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome: made.welcome }),
    }),
    added: added.map(({ reading }) => reading.credential.memberId),
    removed: removed.map(({ credential }) => credential.memberId),
  };
  return {
    outcome: { staged, ...refusals },
    next: epochAfter(epoch, made.newState, members),
    present: { ...epoch, library: { ...library, secretTree: spent.newTree } },
    consumed: made.consumed,
  };
}

/** The epoch that a staged commit leads to, taken from where we are now: messages opened meanwhile stay opened once. */
export function epochOfStaged(present: Epoch, { library, members }: Epoch): Epoch {
  const [historicalReceiverData] = addHistoricalReceiverData(present.library);
  return epochAfter(present, { ...library, historicalReceiverData }, members);
}

function sortRemoves(epoch: Epoch, memberIds: readonly MemberId[]) {
  const removed: Member[] = [];
  const refusedRemoves: RefusedRemove[] = [];
  for (const memberId of new Set(memberIds)) {
    const member = epoch.members.find(({ credential }) => credential.memberId === memberId);
    if (!member) refusedRemoves.push({ memberId, reason: 'no-member' });
    else if (member.leaf === ownLeafOf(epoch)) refusedRemoves.push({ memberId, reason: 'ourselves' });
    else if (removed.length === MAX_REMOVES) refusedRemoves.push({ memberId, reason: 'too-many' });
    else removed.push(member);
  }
  return { removed, refusedRemoves };
}

interface Accepted {
  readonly keyPackage: KeyPackage;
  readonly reading: LeafReading;
}

async function sortAdds(
  ground: Ground,
  { epoch, staying }: { readonly epoch: Epoch; readonly staying: readonly Member[] },
  candidates: readonly Candidate[],
) {
  const encryptionKeys = new Set(encryptionKeysOf(epoch.library.ratchetTree));
  const added: Accepted[] = [];
  const refusedAdds: RefusedAdd[] = [];
  for (const candidate of candidates) {
    const others = [...staying, ...added.map(({ reading }) => reading)];
    const judged = added.length === MAX_ADDS ? 'too-many' : await judgeAdd(ground, others, candidate);
    const double = typeof judged === 'object' && encryptionKeys.has(judged.reading.encryptionKey.join());
    const reason = double ? 'duplicate-key' : judged;
    if (typeof reason === 'string') {
      refusedAdds.push({ memberId: candidate.credential.memberId, reason });
    } else {
      added.push(reason);
      encryptionKeys.add(reason.reading.encryptionKey.join());
    }
  }
  return { added, refusedAdds };
}

async function judgeAdd(
  ground: Ground,
  others: readonly LeafClaim[],
  { credential, keyPackage: bytes }: Candidate,
): Promise<Accepted | AddRefusal> {
  if (others.length >= MAX_LEAVES) return 'group-full';
  const keyPackage = decodeKeyPackage(bytes);
  if (typeof keyPackage === 'string') return keyPackage;
  const reading = await readFresh(keyPackage, ground);
  if (typeof reading === 'string') return reading;
  if (!isSameStay(reading.credential, credential)) return 'not-announced';
  if (!(await isAdmitted(reading, ground.admission))) return 'no-proof';
  return duplicate(reading, others) ?? { keyPackage, reading };
}
