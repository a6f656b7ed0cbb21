import { createApplicationMessage } from 'ts-mls/createMessage.js';
import { encodeMlsMessage } from 'ts-mls/message.js';
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import type { PrivateMessage } from 'ts-mls/privateMessage.js';
import type { SecretTree } from 'ts-mls/secretTree.js';
import { type Epoch, memberAt, numberOf, ownLeafOf } from './epoch.ts';
import type { Ground } from './ground.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';
import type { Member } from './member.ts';
import { decodePrivate, senderOf } from './private-message.ts';
import type { MessageRefusal } from './refusal.ts';

/** What became of a sealed message that came from the network. */
export type MessageOutcome =
  | {
      readonly kind: 'opened';
      readonly sender: Member;
      /** The epoch that it was sealed in: the present one, or one of the last four. */
      readonly epoch: bigint;
      readonly plaintext: Uint8Array;
    }
  | {
      readonly kind: 'refused';
      readonly reason: MessageRefusal;
      /** Whether it says that it is of the present epoch: then it should have opened. */
      readonly presentEpoch: boolean;
    };

/** An outcome, the epoch with the message's key spent, and the secrets to wipe. */
export interface Opening {
  readonly outcome: MessageOutcome;
  readonly next?: Epoch;
  readonly consumed?: readonly Uint8Array[];
}

/** Signed by us, sealed for all members of this epoch (RFC 9420 section 15). */
export async function sealMessage({ suite }: Ground, epoch: Epoch, plaintext: Uint8Array) {
  const { newState, privateMessage, consumed } = await createApplicationMessage(epoch.library, plaintext, suite);
  const sealed = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage });
  return { sealed, next: { ...epoch, library: newState }, consumed };
}

/** Opens each message once. Messages of the last epochs open too, unless their sender has been removed since. */
export async function openMessage(ground: Ground, epoch: Epoch, bytes: Uint8Array): Promise<Opening> {
  const closed = decodePrivate(bytes, { contentType: 'application', maxBytes: MAX_MESSAGE_BYTES }, ground);
  const present = numberOf(epoch);
  const refused = (reason: MessageRefusal): Opening => ({
    outcome: { kind: 'refused', reason, presentEpoch: typeof closed !== 'string' && closed.epoch === present },
  });
  if (typeof closed === 'string') return refused(closed);
  if (closed.epoch > present) return refused('future');
  const keys = keysOf(epoch, closed.epoch);
  if (!keys) return refused('too-old');
  const from = await senderOf(closed, keys.senderDataSecret, ground);
  if (!from) return refused('not-opened');
  if (closed.epoch === present && from.leaf === ownLeafOf(epoch)) return refused('own-message');
  const sender = memberAt(keys.members, from.leaf);
  if (!sender) return refused('unknown-sender');
  if (!epoch.members.includes(sender)) return refused('too-old');

  const opened = await unprotect(ground, epoch, closed, keys);
  if (!opened) return refused('not-opened');
  const { plaintext, tree, consumed } = opened;
  return {
    outcome: { kind: 'opened', sender, epoch: closed.epoch, plaintext },
    next: withTree(epoch, closed.epoch, tree),
    consumed,
  };
}

type Keys = NonNullable<ReturnType<typeof keysOf>>;

function keysOf({ library, members, past }: Epoch, epoch: bigint) {
  const { groupContext, secretTree, ratchetTree, keySchedule, historicalReceiverData } = library;
  const { senderDataSecret } = keySchedule;
  if (epoch === groupContext.epoch) return { members, groupContext, secretTree, ratchetTree, senderDataSecret };
  const [kept, then] = [historicalReceiverData.get(epoch), past.get(epoch)];
  return kept && then && { ...kept, members: then };
}

async function unprotect({ suite }: Ground, { library }: Epoch, closed: PrivateMessage, keys: Keys) {
  try {
    const { content, tree, consumed } = await unprotectPrivateMessage(
      keys.senderDataSecret,
      closed,
      keys.secretTree,
      keys.ratchetTree,
      keys.groupContext,
      library.clientConfig.keyRetentionConfig,
      suite,
    );
    if (content.content.contentType !== 'application') return undefined;
    return { plaintext: content.content.applicationData, tree, consumed };
  } catch {
    return undefined; // opened before, changed on the way, or too far ahead of what we have
  }
}

function withTree(epoch: Epoch, of: bigint, secretTree: SecretTree): Epoch {
  const { library } = epoch;
  if (of === numberOf(epoch)) return { ...epoch, library: { ...library, secretTree } };
  const historicalReceiverData = new Map(library.historicalReceiverData);
  const kept = historicalReceiverData.get(of);
  if (kept) historicalReceiverData.set(of, { ...kept, secretTree });
  return { ...epoch, library: { ...library, historicalReceiverData } };
}
