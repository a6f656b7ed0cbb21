/** Why bytes were refused before they were opened. */
export type FramingRefusal = 'too-large' | 'malformed' | 'wrong-kind' | 'wrong-group';

/** Why somebody's leaf, or the key package around it, is not acceptable, whoever brings it. */
export type LeafRefusal =
  /** The credential, the capabilities, an extension or a key is not as ours are. */
  | 'invalid-leaf'
  /** The signature on it, or on its key package, is not by its own key. */
  | 'forged'
  /** Another protocol version or cipher suite. */
  | 'wrong-suite'
  /** Its time has passed, or has not come. */
  | 'expired'
  | 'lifetime-too-long'
  /** The admission proof is missing, of another call, or of another key. */
  | 'no-proof'
  /** Its member id is in the group already, or twice in this batch. */
  | 'duplicate-member'
  /**
   * Its signature key is in the group already: a device that came back before its old leaf was removed. Or its
   * encryption key is.
   */
  | 'duplicate-key'
  | 'group-full';

/** Why `stage` left an add out. */
export type AddRefusal =
  | LeafRefusal
  | FramingRefusal
  /** The leaf names another member, user or device than the server did. */
  | 'not-announced'
  /** For the next commit. */
  | 'too-many';

/** Why `stage` left a remove out. */
export type RemoveRefusal = 'no-member' | 'ourselves' | 'too-many';

/** Why a commit was not applied; our state is what it was. */
export type CommitRefusal =
  | FramingRefusal
  | LeafRefusal
  /** It opens with no key of this epoch, or a signature, hash or tag in it is wrong. */
  | 'not-opened'
  /** Nobody sits at the leaf that it says it is from. */
  | 'unknown-sender'
  /** Ours, but not the one that is staged: we cannot follow it, only join again. */
  | 'own-commit'
  /** Holds something else than inline adds and removes. */
  | 'forbidden-proposal'
  | 'too-many'
  /** Removes somebody, or does nothing, without a new path. */
  | 'pathless'
  /** The committer's new leaf says another name, key or proof than the old one. */
  | 'changed-leaf'
  /** Not what the server said that it does: another committer, others who come, others who go. */
  | 'not-announced'
  /** We are no member any more. */
  | 'closed';

/** Why a welcome led nowhere. */
export type WelcomeRefusal =
  | FramingRefusal
  | LeafRefusal
  | 'not-opened'
  /** The group allows what we never do: extensions, external senders, pre-shared keys. */
  | 'invalid-group'
  /** The key package has been used, and its private part is gone. */
  | 'used';

/** Why a sealed message was not opened. */
export type MessageRefusal =
  | FramingRefusal
  | 'not-opened'
  | 'unknown-sender'
  | 'own-message'
  /** From an epoch whose keys are gone, or by somebody who has been removed since. */
  | 'too-old'
  /** From an epoch that we have not reached: keep it, and try again after the next commit. */
  | 'future'
  /** We are no member any more. */
  | 'closed';
