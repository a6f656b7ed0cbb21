import { type ClientState, decodeGroupState, encodeGroupState } from 'ts-mls/clientState.js';
import type { Commit } from 'ts-mls/commit.js';
import { type CreateCommitOptions, createCommit } from 'ts-mls/createCommit.js';
import { decryptWithLabel } from 'ts-mls/crypto/hpke.js';
import { createContentCommitSignature } from 'ts-mls/framedContent.js';
import { encodeGroupContext } from 'ts-mls/groupContext.js';
import { decodeMlsMessage, encodeMlsMessage, type MLSMessage } from 'ts-mls/message.js';
import { protect, unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import type { PrivateMessage } from 'ts-mls/privateMessage.js';
import { processPrivateMessage } from 'ts-mls/processMessages.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import type { Announcement } from '../../../src/crypto/mls/announcement.ts';
import type { Epoch } from '../../../src/crypto/mls/epoch.ts';
import type { Ground } from '../../../src/crypto/mls/ground.ts';
import { makeKeyPackage, type OwnKeyPackage } from '../../../src/crypto/mls/key-package.ts';
import { type CommitOutcome, receiveCommit } from '../../../src/crypto/mls/receive-commit.ts';
import { receiveWelcome } from '../../../src/crypto/mls/receive-welcome.ts';
import { type GroupSettings, groundOf } from '../../../src/crypto/mls/settings.ts';
import { settingsOf } from './people.ts';

/**
 * A member whose keys lie open: one who keeps everything and says whatever the library can be made to say. It comes in
 * as everybody does and follows commits, but wipes nothing.
 */
export class RawMember {
  readonly settings: GroupSettings;
  readonly ground: Ground;
  readonly #own: OwnKeyPackage;
  #epoch: Epoch | undefined;

  private constructor(settings: GroupSettings, ground: Ground, own: OwnKeyPackage) {
    this.settings = settings;
    this.ground = ground;
    this.#own = own;
  }

  static async create(name: string, other: Partial<GroupSettings> = {}): Promise<RawMember> {
    const settings = await settingsOf(name, other);
    const ground = await groundOf(settings);
    return new RawMember(settings, ground, await makeKeyPackage(ground, settings));
  }

  get ownKeyPackage(): OwnKeyPackage {
    return this.#own;
  }

  get candidate() {
    const keyPackage = this.#own.publicPackage;
    const bytes = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage });
    return { credential: this.settings.credential, keyPackage: bytes };
  }

  get library(): ClientState {
    return this.present.library;
  }

  get present(): Epoch {
    if (!this.#epoch) throw new Error('has not joined');
    return this.#epoch;
  }

  async join(welcome: Uint8Array): Promise<void> {
    const epoch = await receiveWelcome(this.ground, this.#own, welcome);
    if (typeof epoch === 'string') throw new Error(`did not join: ${epoch}`);
    this.#epoch = epoch;
  }

  async process(commit: Uint8Array, announced: Announcement): Promise<CommitOutcome> {
    const { outcome, next } = await receiveCommit(this.ground, this.present, commit, announced);
    if (next) this.#epoch = next;
    return outcome;
  }

  /** All that it holds, as a thief would carry it off. */
  get copy(): ClientState {
    const decoded = decodeGroupState(encodeGroupState(this.library), 0);
    if (!decoded) throw new Error('state does not decode');
    return { ...decoded[0], clientConfig: this.library.clientConfig };
  }

  /** What the library itself would commit, from a state that may be made up. */
  async commit(options: CreateCommitOptions, state = this.library) {
    const made = await createCommit(
      { state, cipherSuite: this.ground.suite },
      { ratchetTreeExtension: true, ...options },
    );
    const { welcome } = made;
    return {
      commit: encodeMlsMessage(made.commit),
      welcome: welcome && encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome }),
    };
  }

  /** A commit that says anything, sealed and signed; only its confirmation tag is made up. */
  async say(commit: Commit): Promise<Uint8Array> {
    const { suite } = this.ground;
    const { groupContext, privatePath, signaturePrivateKey, keySchedule, secretTree, clientConfig } = this.library;
    const { leafIndex } = privatePath;
    const nothing = new Uint8Array();
    const { framedContent, signature } = await createContentCommitSignature(
      groupContext,
      'mls_private_message',
      commit,
      { senderType: 'member', leafIndex },
      nothing,
      signaturePrivateKey,
      suite.signature,
    );
    const auth = { contentType: 'commit' as const, signature, confirmationTag: new Uint8Array(32) };
    const { privateMessage } = await protect(
      keySchedule.senderDataSecret,
      nothing,
      groupContext,
      secretTree,
      { ...framedContent, auth },
      leafIndex,
      clientConfig.paddingConfig,
      suite,
    );
    return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage });
  }
}

export function messageIn(bytes: Uint8Array): MLSMessage {
  const decoded = decodeMlsMessage(bytes.slice(), 0);
  if (!decoded) throw new Error('does not decode');
  return decoded[0];
}

export function privateMessageIn(bytes: Uint8Array): PrivateMessage {
  const message = messageIn(bytes);
  if (message.wireformat !== 'mls_private_message') throw new Error('not sealed');
  return message.privateMessage;
}

/**
 * Tries every private key of `thief` on every ciphertext in the path of a commit, and what the library makes of it.
 * `next` is the state of somebody who follows. The answer is how many path secrets opened; 0 means no way to the next
 * epoch.
 */
export async function openedPathSecrets(
  thief: ClientState,
  commit: Uint8Array,
  next: ClientState,
  { suite }: Ground,
): Promise<number> {
  const closed = privateMessageIn(commit);
  const raw = await processPrivateMessage(thief, closed, emptyPskIndex, suite).catch(() => undefined);
  const reached = raw?.newState.keySchedule.exporterSecret.join() === next.keySchedule.exporterSecret.join();

  const { keySchedule, secretTree, ratchetTree, groupContext, clientConfig } = thief;
  const { content } = await unprotectPrivateMessage(
    keySchedule.senderDataSecret,
    closed,
    secretTree,
    ratchetTree,
    groupContext,
    clientConfig.keyRetentionConfig,
    suite,
  );
  const path = content.content.contentType === 'commit' ? content.content.commit.path : undefined;
  if (!path) return Number.POSITIVE_INFINITY; // without a path everybody from before can go on
  const { treeHash, epoch } = next.groupContext;
  const context = encodeGroupContext({ ...groupContext, treeHash, epoch });
  let opened = reached ? 1 : 0;
  for (const bytes of Object.values(thief.privatePath.privateKeys)) {
    const key = await suite.hpke.importPrivateKey(bytes);
    for (const { kemOutput, ciphertext } of path.nodes.flatMap(({ encryptedPathSecret }) => encryptedPathSecret)) {
      const secret = await decryptWithLabel(key, 'UpdatePathNode', context, kemOutput, ciphertext, suite.hpke).catch(
        () => 0,
      );
      if (secret !== 0) opened += 1;
    }
  }
  return opened;
}
