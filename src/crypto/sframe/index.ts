export { AES_128_GCM_SHA256_128, AES_256_GCM_SHA512_128, type CipherSuite } from './cipher-suite.ts';
export { CLEAR_PREFIX_BYTES, type Codec } from './clear-prefix.ts';
export type { EpochKeys } from './epoch-keys.ts';
export {
  type DropReason,
  type ExpectedOwner,
  FrameOpener,
  type FrameOpenOutcome,
  type OpenCounts,
} from './frame-opener.ts';
export { FrameSealer, type SealCounts, type SealOutcome, type SealRefusal } from './frame-sealer.ts';
export { decodeHeader, type SframeHeader } from './header.ts';
export { type FrameOwner, MAX_LEAVES, parseKeyId, type Source } from './key-id.ts';
export { KeyStore, type KeyStoreOptions } from './key-store.ts';
export type { OpenedOwner } from './opening-key.ts';
