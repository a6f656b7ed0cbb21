import { createGroup } from 'ts-mls/clientState.js';
import { mlsExporter } from 'ts-mls/keySchedule.js';
import { CallError, Mailbox } from '../../base/index.ts';
import type { Announcement } from './announcement.ts';
import type { MemberCredential } from './credential.ts';
import { type Epoch, forget, numberOf, ownLeafOf, wipe } from './epoch.ts';
import { sameBytes } from './exact-message.ts';
import type { Ground } from './ground.ts';
import { decodeKeyPackage, makeKeyPackage, readFresh } from './key-package.ts';
import { LIBRARY_CONFIG } from './library.ts';
import type { Member } from './member.ts';
import { type Applied, type CommitOutcome, receiveCommit } from './receive-commit.ts';
import type { AddRefusal } from './refusal.ts';
import { isAdmitted, nameIn, rosterOf } from './roster.ts';
import { type MessageOutcome, openMessage, sealMessage } from './sealed-message.ts';
import { type GroupSettings, groundOf } from './settings.ts';
import { type Batch, epochOfStaged, type StagedCommit, type StageOutcome, stageCommit } from './stage.ts';

/** RFC 9605 section 5.2. */
const BASE_KEY_LABEL = 'SFrame 1.0 Base Key';
const BASE_KEY_BYTES = 16;

const CLOSED = { kind: 'refused', reason: 'closed', presentEpoch: false } as const;

const unavailable = () => new CallError('unavailable', 'no member of the group any more');

/** The one commit of ours that may be on its way. */
interface Waiting {
  readonly staged: StagedCommit;
  readonly next: Epoch;
  readonly consumed: readonly Uint8Array[];
}

/**
 *     open -- a commit that removes us, close() --> closed
 * Every epoch is a state of its own; a commit of ours waits beside it until the server has accepted one for this epoch.
 */
type State =
  | { readonly kind: 'open'; readonly epoch: Epoch; readonly waiting: Waiting | undefined }
  | { readonly kind: 'closed' };

/** Whether a key package would be let in, and who it says it is. */
export type Inspection =
  | {
      readonly kind: 'genuine';
      readonly credential: MemberCredential;
      /** The key package is signed with it. */
      readonly signatureKey: Uint8Array;
      readonly name: string | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: AddRefusal };

/**
 * One member's side of an MLS group (RFC 9420). What comes from the network never throws: it has an outcome, and a
 * refusal leaves everything as it was. Operations run one at a time, in the order in which they were called. Once
 * closed, whatever asks for keys rejects with CallError `unavailable`.
 */
export class Group {
  readonly #ground: Ground;
  readonly #mailbox = new Mailbox();
  #state: State;

  /** @internal Use `Group.found` or `PendingMember.join`. */
  constructor(ground: Ground, epoch: Epoch) {
    this.#ground = ground;
    this.#state = { kind: 'open', epoch, waiting: undefined };
  }

  /**
   * A group of one, in epoch 0. @throws RangeError for a name or id that is too long, and whatever the app's `prove`
   * throws.
   */
  static async found(settings: GroupSettings): Promise<Group> {
    const ground = await groundOf(settings);
    const { suite, groupId } = ground;
    const { publicPackage, privatePackage } = await makeKeyPackage(ground, settings);
    const library = await createGroup(groupId, publicPackage, privatePackage, [], suite, LIBRARY_CONFIG);
    const members = await rosterOf(library.ratchetTree, ground.admission);
    if (typeof members === 'string') throw new CallError('forbidden', `our own proof does not admit us: ${members}`);
    return new Group(ground, { library, members, past: new Map() });
  }

  get closed(): boolean {
    return this.#state.kind === 'closed';
  }

  get epoch(): bigint {
    return numberOf(this.#open.epoch);
  }

  get ownLeaf(): number {
    return ownLeafOf(this.#open.epoch);
  }

  /** In the order of their leaves, ourselves among them. The same objects as long as they are members. */
  get members(): readonly Member[] {
    return this.#open.epoch.members;
  }

  /**
   * 32 bytes that are the same for all who are in the same epoch of the same group (RFC 9420 section 8.7), and tell
   * nothing else.
   */
  get authenticator(): Uint8Array {
    return this.#open.epoch.library.keySchedule.epochAuthenticator.slice();
  }

  /** Whether a member could add this key package now; for asking a person before it is added. */
  inspect(keyPackage: Uint8Array): Promise<Inspection> {
    return this.#mailbox.run(async () => {
      const { admission } = this.#ground;
      const decoded = decodeKeyPackage(keyPackage);
      const reading = typeof decoded === 'string' ? decoded : await readFresh(decoded, this.#ground);
      if (typeof reading === 'string') return { kind: 'refused', reason: reading };
      if (!(await isAdmitted(reading, admission))) return { kind: 'refused', reason: 'no-proof' };
      const { credential, signatureKey } = reading;
      return { kind: 'genuine', credential, signatureKey, name: await nameIn(reading, admission) };
    });
  }

  /** Prepares a commit; replaces the one that was staged before. It changes nothing until it is applied. */
  stage(batch: Batch): Promise<StageOutcome> {
    return this.#mailbox.run(async () => {
      const { outcome, next, present, consumed } = await stageCommit(this.#ground, this.#open.epoch, batch);
      const { staged } = outcome;
      if (this.closed) throw unavailable();
      this.#state = { kind: 'open', epoch: present, waiting: staged && next && { staged, next, consumed } };
      return outcome;
    });
  }

  /** Stages a commit that gives us new keys and changes nobody (post-compromise security). */
  refresh(): Promise<StageOutcome> {
    return this.stage({ adds: [], removes: [] });
  }

  /**
   * The server has accepted it. @throws CallError `stale-epoch` when it is not staged any more: another commit came
   * first.
   */
  apply(staged: StagedCommit): Promise<Applied> {
    return this.#mailbox.run(() => {
      const { waiting } = this.#open;
      if (waiting?.staged !== staged) throw new CallError('stale-epoch', 'this commit is not staged');
      return this.#apply(waiting);
    });
  }

  /** The server has accepted another one. Discarding late does nothing. */
  discard(staged: StagedCommit): void {
    if (this.#state.kind === 'open' && this.#state.waiting?.staged === staged)
      this.#state = { ...this.#state, waiting: undefined };
  }

  /** Follows a commit that the server has accepted. Our own staged one, come back, is applied. */
  process(commit: Uint8Array, announced: Announcement): Promise<CommitOutcome> {
    return this.#mailbox.run(async () => {
      if (this.#state.kind === 'closed') return CLOSED;
      const { epoch, waiting } = this.#state;
      if (waiting && sameBytes(waiting.staged.commit, commit)) return this.#apply(waiting);
      const { outcome, next, consumed = [] } = await receiveCommit(this.#ground, epoch, commit, announced);
      if (this.closed) return CLOSED;
      if (outcome.kind === 'removed') this.close();
      if (!next) return outcome;
      this.#state = { kind: 'open', epoch: next, waiting: undefined };
      wipe(consumed);
      forget(epoch);
      return outcome;
    });
  }

  /** Signed and sealed for all members of this epoch. At most 15 KiB, or nobody opens it. */
  seal(plaintext: Uint8Array): Promise<Uint8Array> {
    return this.#mailbox.run(async () => {
      const { sealed, next, consumed } = await sealMessage(this.#ground, this.#open.epoch, plaintext);
      this.#state = { ...this.#open, epoch: next };
      wipe(consumed);
      return sealed;
    });
  }

  open(message: Uint8Array): Promise<MessageOutcome> {
    return this.#mailbox.run(async () => {
      if (this.closed) return CLOSED;
      const { outcome, next, consumed = [] } = await openMessage(this.#ground, this.#open.epoch, message);
      if (this.closed) return CLOSED;
      if (!next) return outcome;
      this.#state = { ...this.#open, epoch: next };
      wipe(consumed);
      return outcome;
    });
  }

  /** The base key of this epoch's frames (RFC 9605 section 5.2), 16 bytes. */
  exportBaseKey(): Promise<Uint8Array> {
    return this.exportSecret(BASE_KEY_LABEL, new Uint8Array(), BASE_KEY_BYTES);
  }

  /** A secret of this epoch for one use (RFC 9420 section 8.5). */
  exportSecret(label: string, context: Uint8Array, lengthBytes: number): Promise<Uint8Array> {
    return this.#mailbox.run(() => {
      const { exporterSecret } = this.#open.epoch.library.keySchedule;
      return mlsExporter(exporterSecret, label, context, lengthBytes, this.#ground.suite);
    });
  }

  /** Forgets all keys. Closing twice is the same as once. */
  close(): void {
    if (this.#state.kind === 'closed') return;
    const { keySchedule, privatePath } = this.#state.epoch.library;
    this.#state = { kind: 'closed' };
    wipe([...Object.values(keySchedule), ...Object.values(privatePath.privateKeys)]);
  }

  get #open(): Extract<State, { kind: 'open' }> {
    if (this.#state.kind === 'closed') throw unavailable();
    return this.#state;
  }

  #apply({ next: made, consumed, staged }: Waiting): Applied {
    const { epoch: last } = this.#open;
    const epoch = epochOfStaged(last, made);
    this.#state = { kind: 'open', epoch, waiting: undefined };
    wipe(consumed);
    forget(last);
    const committer = last.members.find(({ leaf }) => leaf === ownLeafOf(last));
    if (!committer) throw new CallError('internal', 'a group without ourselves');
    return {
      kind: 'applied',
      epoch: numberOf(epoch),
      committer,
      added: epoch.members.filter(({ credential }) => staged.added.includes(credential.memberId)),
      removed: last.members.filter(({ credential }) => staged.removed.includes(credential.memberId)),
    };
  }
}
