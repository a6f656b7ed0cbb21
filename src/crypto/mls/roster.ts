import type { LeafNode } from 'ts-mls/leafNode.js';
import { getHpkePublicKey, type RatchetTree } from 'ts-mls/ratchetTree.js';
import type { Admission, LeafClaim } from './admission.ts';
import { type LeafReading, readLeaf } from './leaf.ts';
import { isTooLong } from './lifetime.ts';
import { MAX_LEAVES } from './limits.ts';
import type { Member } from './member.ts';
import type { LeafRefusal } from './refusal.ts';

const NO_MEMBERS: readonly Member[] = [];

/**
 * The members of a tree, in the order of their leaves; the reason when one of them may not be there. Those of `known`
 * are not asked for their proofs again: a leaf changes hands only when it is removed and added.
 */
export async function rosterOf(
  tree: RatchetTree,
  admission: Admission,
  known = NO_MEMBERS,
): Promise<readonly Member[] | LeafRefusal> {
  const encryptionKeys = encryptionKeysOf(tree);
  if (new Set(encryptionKeys).size < encryptionKeys.length) return 'duplicate-key';
  const knownLeaves = new Map(known.map((member) => [member.leaf, member]));
  const leaves = leavesOf(tree);
  if (leaves.some(([index]) => index >= MAX_LEAVES)) return 'group-full';
  const judged = await Promise.all(
    leaves.map(async ([index, leaf]) => knownLeaves.get(index) ?? (await memberOf(index, leaf, admission))),
  );
  const members: Member[] = [];
  for (const member of judged) {
    if (typeof member === 'string') return member;
    const double = duplicate(member, members);
    if (double) return double;
    members.push(member);
  }
  return members;
}

/**
 * The keys of all nodes, as text. No two may be alike: those who join later would refuse the tree (RFC 9420 section
 * 12.4.3.1).
 */
export function encryptionKeysOf(tree: RatchetTree): readonly string[] {
  return tree.flatMap((node) => (node ? [getHpkePublicKey(node).join()] : []));
}

/** Why this claim cannot stand beside those others. */
export function duplicate(claim: LeafClaim, others: readonly LeafClaim[]): LeafRefusal | undefined {
  const key = claim.signatureKey.join();
  if (others.some(({ credential }) => credential.memberId === claim.credential.memberId)) return 'duplicate-member';
  return others.some(({ signatureKey }) => signatureKey.join() === key) ? 'duplicate-key' : undefined;
}

/** Whether the proof in it admits this leaf. An app's check that throws admits nobody. */
export async function isAdmitted(reading: LeafReading, admission: Admission): Promise<boolean> {
  if (!reading.proof) return false;
  try {
    return (await admission.check(reading, reading.proof)) === true;
  } catch {
    return false; // the app's own check failed: nobody comes in by accident
  }
}

async function memberOf(index: number, leaf: LeafNode, admission: Admission): Promise<Member | LeafRefusal> {
  const reading = readLeaf(leaf);
  if (!reading) return 'invalid-leaf';
  if (leaf.leafNodeSource === 'key_package' && isTooLong(leaf.lifetime)) return 'lifetime-too-long';
  if (!(await isAdmitted(reading, admission))) return 'no-proof';
  return {
    leaf: index,
    credential: reading.credential,
    signatureKey: reading.signatureKey,
    name: await nameIn(reading, admission),
  };
}

/** The display name, when the admission seals names and this one opens. */
export async function nameIn(reading: LeafReading, admission: Admission): Promise<string | undefined> {
  return (
    reading.sealedProfile && (await admission.openProfile?.(reading, reading.sealedProfile).catch(() => undefined))
  );
}

/** Leaves have the even indices of the tree's array (RFC 9420 appendix C). */
function leavesOf(tree: RatchetTree): readonly (readonly [number, LeafNode])[] {
  return tree.flatMap((node, index) => (node?.nodeType === 'leaf' ? [[index / 2, node.leaf] as const] : []));
}
