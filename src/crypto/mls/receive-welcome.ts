import { joinGroup } from 'ts-mls/clientState.js';
import type { GroupInfo } from 'ts-mls/groupInfo.js';
import { ratchetTreeFromExtension } from 'ts-mls/groupInfo.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import type { Welcome } from 'ts-mls/welcome.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import type { Epoch } from './epoch.ts';
import { decodeExactly, sameBytes } from './exact-message.ts';
import type { Ground } from './ground.ts';
import type { OwnKeyPackage } from './key-package.ts';
import { LIBRARY_CONFIG } from './library.ts';
import { isRecent } from './lifetime.ts';
import { MAX_LEAVES, MAX_WELCOME_BYTES } from './limits.ts';
import type { WelcomeRefusal } from './refusal.ts';
import { rosterOf } from './roster.ts';
import { SUITE_NAME } from './suite.ts';

/**
 * The epoch that a welcome leads into (RFC 9420 section 12.4.3.1). Whoever saw our key package can write a welcome, so
 * the proofs of all leaves are checked before the library works through the tree.
 */
export async function receiveWelcome(
  ground: Ground,
  own: OwnKeyPackage,
  bytes: Uint8Array,
): Promise<Epoch | WelcomeRefusal> {
  const message = decodeExactly(bytes, MAX_WELCOME_BYTES);
  if (typeof message === 'string') return message;
  if (message.wireformat !== 'mls_welcome') return 'wrong-kind';
  if (message.welcome.cipherSuite !== SUITE_NAME) return 'wrong-suite';
  const { publicPackage, privatePackage } = own;
  const { lifetime } = publicPackage.leafNode;
  if (!isRecent(lifetime, ground.now())) return 'expired';

  const groupInfo = await openGroupInfo(ground, own, message.welcome).catch(() => undefined);
  if (!groupInfo) return 'not-opened';
  const objection = objectionTo(groupInfo, ground);
  if (objection) return objection;
  const tree = treeIn(groupInfo);
  if (!tree || tree.length >= 2 * MAX_LEAVES) return 'invalid-group';
  const members = await rosterOf(tree, ground.admission);
  if (typeof members === 'string') return members;

  const { suite } = ground;
  const joining = joinGroup(
    message.welcome,
    publicPackage,
    privatePackage,
    emptyPskIndex,
    suite,
    undefined,
    undefined,
    LIBRARY_CONFIG,
  );
  const library = await joining.catch(() => undefined);
  if (!library) return 'not-opened';
  return { library, members, past: new Map() };
}

async function openGroupInfo({ suite }: Ground, { publicPackage, privatePackage }: OwnKeyPackage, welcome: Welcome) {
  const ref = await makeKeyPackageRef(publicPackage, suite.hash);
  const initKey = await suite.hpke.importPrivateKey(privatePackage.initPrivateKey);
  const secrets = await decryptGroupSecrets(initKey, ref, welcome, suite.hpke);
  if (!secrets || secrets.psks.length > 0) return undefined;
  return await decryptGroupInfo(welcome, secrets.joinerSecret, new Uint8Array(suite.kdf.size), suite);
}

/** Our groups have no extensions: nothing that lets outsiders send or commit. */
function objectionTo({ groupContext, extensions }: GroupInfo, { groupId }: Ground): WelcomeRefusal | undefined {
  if (!sameBytes(groupContext.groupId, groupId)) return 'wrong-group';
  if (groupContext.version !== 'mls10' || groupContext.cipherSuite !== SUITE_NAME) return 'wrong-suite';
  if (groupContext.extensions.length > 0) return 'invalid-group';
  return extensions.length === 1 && extensions[0]?.extensionType === 'ratchet_tree' ? undefined : 'invalid-group';
}

function treeIn(groupInfo: GroupInfo) {
  try {
    return ratchetTreeFromExtension(groupInfo);
  } catch {
    return undefined; // not a tree
  }
}
