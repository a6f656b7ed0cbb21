import type { ClientConfig } from 'ts-mls/clientConfig.js';
import { defaultKeyPackageEqualityConfig } from 'ts-mls/keyPackageEqualityConfig.js';
import { decodeCredential } from './credential.ts';

/** How many epochs back a sealed message still opens: commits follow each other within a second when many join. */
const PAST_EPOCHS = 4;

/** Messages of one sender that may arrive late within an epoch. */
const LATE_MESSAGES = 64;

/**
 * Messages of one sender that may be missing before one that opens. Each costs a key derivation, so a forger of
 * counters costs us this many.
 */
const SKIPPED_MESSAGES = 256;

/** Shorter messages are padded to this, so that a reaction and a word of chat look alike. */
const PADDED_BYTES = 256;

/** How ts-mls is run. What it is lax about (docs/e2ee-group.md) is judged in this folder before and after it. */
export const LIBRARY_CONFIG: ClientConfig = {
  keyRetentionConfig: {
    retainKeysForEpochs: PAST_EPOCHS,
    retainKeysForGenerations: LATE_MESSAGES,
    maximumForwardRatchetSteps: SKIPPED_MESSAGES,
  },
  // Lifetimes are judged in lifetime.ts: the library would judge those of old leaves too.
  lifetimeConfig: { maximumTotalLifetime: 0n, validateLifetimeOnReceive: false },
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  paddingConfig: { kind: 'padUntilLength', padUntilLength: PADDED_BYTES },
  authService: {
    // Proofs are checked on whole leaves, which the library does not show here.
    validateCredential: async (credential) =>
      credential.credentialType === 'basic' &&
      'identity' in credential &&
      decodeCredential(credential.identity) !== undefined,
  },
};
