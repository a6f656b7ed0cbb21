import { encode } from 'ts-mls/codec/tlsEncoder.js';
import type { Commit } from 'ts-mls/commit.js';
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import { decodePrivateMessageContent, type PrivateMessage, privateContentAADEncoder } from 'ts-mls/privateMessage.js';
import { processPrivateMessage } from 'ts-mls/processMessages.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { ratchetToGeneration } from 'ts-mls/secretTree.js';
import type { UpdatePath } from 'ts-mls/updatePath.js';
import { type Announcement, isAnnounced } from './announcement.ts';
import { type CommitContent, readCommit } from './commit-content.ts';
import { canEncryptTo } from './encryption-key.ts';
import { type Epoch, epochAfter, memberAt, numberOf, ownLeafOf } from './epoch.ts';
import type { Ground } from './ground.ts';
import { readCommitted } from './key-package.ts';
import type { LeafReading } from './leaf.ts';
import { MAX_COMMIT_BYTES } from './limits.ts';
import type { Member } from './member.ts';
import { decodePrivate, senderOf } from './private-message.ts';
import type { CommitRefusal } from './refusal.ts';
import { duplicate, rosterOf } from './roster.ts';

/** What a commit did to the group. */
export interface Applied {
  readonly kind: 'applied';
  /** The new epoch. */
  readonly epoch: bigint;
  readonly committer: Member;
  readonly added: readonly Member[];
  readonly removed: readonly Member[];
}

/** What became of a commit that came from the network. */
export type CommitOutcome =
  | Applied
  /** Nothing changed here. Others may have gone on: say so to the server. */
  | { readonly kind: 'refused'; readonly reason: CommitRefusal }
  /** For an epoch that is over. */
  | { readonly kind: 'stale' }
  /** For an epoch that we have not reached: one before it is missing. */
  | { readonly kind: 'future' }
  /** It removed us. The group is closed. */
  | { readonly kind: 'removed'; readonly committer: Member };

/** The outcome, the epoch that it led to if any, and the secrets to wipe once that epoch is taken. */
export interface Received {
  readonly outcome: CommitOutcome;
  readonly next?: Epoch;
  readonly consumed?: readonly Uint8Array[];
}

const refused = (reason: CommitRefusal): Received => ({ outcome: { kind: 'refused', reason } });

/**
 * Judges a commit from the cheap to the dear: size, framing, sender, form, what was announced; then the library's
 * check of signatures, tree and confirmation tag (RFC 9420 section 12.4.2); then the proofs of those who were added.
 */
export async function receiveCommit(
  ground: Ground,
  epoch: Epoch,
  bytes: Uint8Array,
  announced: Announcement,
): Promise<Received> {
  const closed = decodePrivate(bytes, { contentType: 'commit', maxBytes: MAX_COMMIT_BYTES }, ground);
  if (typeof closed === 'string') return refused(closed);
  if (closed.epoch < numberOf(epoch)) return { outcome: { kind: 'stale' } };
  if (closed.epoch > numberOf(epoch)) return { outcome: { kind: 'future' } };

  const opened = await openCommit(ground, epoch, closed);
  if (typeof opened === 'string') return refused(opened);
  const { committer, commit } = opened;
  const node = epoch.library.ratchetTree[committer.leaf * 2];
  if (node?.nodeType !== 'leaf') return refused('unknown-sender');
  const content = readCommit(commit, node.leaf);
  if (typeof content === 'string') return refused(content);
  const objection = await objectionTo(content, { ground, epoch, committer, announced });
  if (objection) return refused(objection);
  if (commit.path && !(await isUsable(commit.path))) return refused('not-opened');

  return await follow({ ground, epoch, closed, committer, removes: new Set(content.removes) });
}

/** The commit inside, decrypted; its signature is not checked yet. */
async function openCommit(
  ground: Ground,
  { library, members }: Epoch,
  closed: PrivateMessage,
): Promise<{ readonly committer: Member; readonly commit: Commit } | CommitRefusal> {
  const { suite } = ground;
  const sender = await senderOf(closed, library.keySchedule.senderDataSecret, ground);
  if (!sender) return 'not-opened';
  if (sender.leaf === library.privatePath.leafIndex) return 'own-commit';
  const committer = memberAt(members, sender.leaf);
  if (!committer) return 'unknown-sender';
  try {
    const { keyRetentionConfig } = library.clientConfig;
    const senderData = { leafIndex: sender.leaf, generation: sender.generation, reuseGuard: sender.reuseGuard };
    type Sender = Parameters<typeof ratchetToGeneration>[1];
    const ratchet = await ratchetToGeneration(
      library.secretTree,
      senderData as Sender,
      'commit',
      keyRetentionConfig,
      suite,
    );
    const plain = await suite.hpke.decryptAead(
      ratchet.key,
      ratchet.nonce,
      encode(privateContentAADEncoder)(closed),
      closed.ciphertext,
    );
    const content = decodePrivateMessageContent('commit')(plain, 0)?.[0];
    return content?.contentType === 'commit' ? { committer, commit: content.commit } : 'not-opened';
  } catch {
    return 'not-opened'; // no key of this epoch opens it, or what it holds is no commit
  }
}

/** Whether those who commit after it can encrypt to the keys that it puts into the tree. */
async function isUsable({ leafNode, nodes }: UpdatePath): Promise<boolean> {
  const keys = [leafNode, ...nodes].map(({ hpkePublicKey }) => canEncryptTo(hpkePublicKey));
  return !(await Promise.all(keys)).includes(false);
}

interface Case {
  readonly ground: Ground;
  readonly epoch: Epoch;
  readonly committer: Member;
  readonly announced: Announcement;
}

/** What the announcement, the roster and the clock have against it. */
async function objectionTo(
  content: CommitContent,
  { ground, epoch, committer, announced }: Case,
): Promise<CommitRefusal | undefined> {
  const { adds, removes } = content;
  const removed = epoch.members.filter(({ leaf }) => removes.includes(leaf));
  if (removed.length !== removes.length || removed.includes(committer)) return 'forbidden-proposal';
  const staying = epoch.members.filter((member) => !removed.includes(member));
  const added: LeafReading[] = [];
  for (const keyPackage of adds) {
    const reading = await readCommitted(keyPackage, ground);
    if (typeof reading === 'string') return reading;
    const double = duplicate(reading, [...staying, ...added]);
    if (double) return double;
    added.push(reading);
  }
  return isAnnounced({ committer, added, removed }, announced) ? undefined : 'not-announced';
}

interface Step {
  readonly ground: Ground;
  readonly epoch: Epoch;
  readonly closed: PrivateMessage;
  readonly committer: Member;
  readonly removes: ReadonlySet<number>;
}

async function follow({ ground, epoch, closed, committer, removes }: Step): Promise<Received> {
  if (removes.has(ownLeafOf(epoch))) {
    // Only the signature counts here: what comes next is not ours to derive. (The library goes on when somebody takes
    // our leaf.)
    const signed = await unprotectCommit(ground, epoch, closed).catch(() => undefined);
    return signed ? { outcome: { kind: 'removed', committer } } : refused('not-opened');
  }
  const processed = await processPrivateMessage(epoch.library, closed, emptyPskIndex, ground.suite).catch(
    () => undefined,
  );
  if (processed?.kind !== 'newState') return refused('not-opened');
  const { newState: library, consumed } = processed;
  if (library.groupActiveState.kind !== 'active') return refused('not-opened');

  const staying = epoch.members.filter(({ leaf }) => !removes.has(leaf));
  const members = await rosterOf(library.ratchetTree, ground.admission, staying);
  if (typeof members === 'string') return refused(members);
  const next = epochAfter(epoch, library, members);
  const outcome = {
    kind: 'applied',
    epoch: numberOf(next),
    committer,
    added: members.filter((member) => !staying.includes(member)),
    removed: epoch.members.filter((member) => !staying.includes(member)),
  } as const;
  return { outcome, next, consumed };
}

function unprotectCommit({ suite }: Ground, { library }: Epoch, closed: PrivateMessage) {
  const { keySchedule, secretTree, ratchetTree, groupContext, clientConfig } = library;
  return unprotectPrivateMessage(
    keySchedule.senderDataSecret,
    closed,
    secretTree,
    ratchetTree,
    groupContext,
    clientConfig.keyRetentionConfig,
    suite,
  );
}
