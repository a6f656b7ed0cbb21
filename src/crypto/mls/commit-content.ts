import type { Commit } from 'ts-mls/commit.js';
import { encodeExtension } from 'ts-mls/extension.js';
import type { KeyPackage } from 'ts-mls/keyPackage.js';
import type { LeafNode } from 'ts-mls/leafNode.js';
import { sameBytes } from './exact-message.ts';
import { readLeaf } from './leaf.ts';
import { MAX_ADDS, MAX_PATH_NODES, MAX_REMOVES } from './limits.ts';
import type { CommitRefusal } from './refusal.ts';

/** A commit in our words: a batch of people who come and go. */
export interface CommitContent {
  readonly adds: readonly KeyPackage[];
  /** Leaves. */
  readonly removes: readonly number[];
}

/** Judges the form of a commit by whom sits at `leaf`. No cryptography: this is what stands before it. */
export function readCommit({ proposals, path }: Commit, leaf: LeafNode): CommitContent | CommitRefusal {
  if (proposals.length > MAX_ADDS + MAX_REMOVES) return 'too-many';
  const adds: KeyPackage[] = [];
  const removes: number[] = [];
  for (const each of proposals) {
    if (each.proposalOrRefType !== 'proposal') return 'forbidden-proposal';
    const { proposal } = each;
    if (proposal.proposalType === 'add' && 'add' in proposal) adds.push(proposal.add.keyPackage);
    else if (proposal.proposalType === 'remove' && 'remove' in proposal) removes.push(proposal.remove.removed);
    else return 'forbidden-proposal';
  }
  if (adds.length > MAX_ADDS || removes.length > MAX_REMOVES) return 'too-many';
  if (new Set(removes).size !== removes.length) return 'forbidden-proposal';
  if (!path) return adds.length === 0 || removes.length > 0 ? 'pathless' : { adds, removes };
  if (path.nodes.length > MAX_PATH_NODES) return 'too-many';
  return samePerson(leaf, path.leafNode) ? { adds, removes } : 'changed-leaf';
}

/** Whether only the encryption key differs, and what signs it. */
function samePerson(before: LeafNode, after: LeafNode): boolean {
  const sameIdentity =
    'identity' in before.credential &&
    'identity' in after.credential &&
    sameBytes(before.credential.identity, after.credential.identity);
  return (
    sameIdentity &&
    sameBytes(before.signaturePublicKey, after.signaturePublicKey) &&
    readLeaf(after) !== undefined &&
    before.extensions.length === after.extensions.length &&
    before.extensions.every((extension, index) => {
      const other = after.extensions[index];
      return other !== undefined && sameBytes(encodeExtension(extension), encodeExtension(other));
    })
  );
}
