import type { Capabilities } from 'ts-mls/capabilities.js';
import type { Extension } from 'ts-mls/extension.js';
import type { LeafNode } from 'ts-mls/leafNode.js';
import type { LeafClaim } from './admission.ts';
import { decodeCredential } from './credential.ts';
import { MAX_PROOF_BYTES, MAX_SEALED_PROFILE_BYTES } from './limits.ts';
import { SUITE_NAME } from './suite.ts';

/** Extension types for private use (RFC 9420 section 17.3): the admission proof, and the sealed display name. */
const PROOF = 0xf0c1;
const PROFILE = 0xf0c2;

/** Ed25519 and X25519 public keys. */
const KEY_BYTES = 32;

/** What our leaves can do. Every leaf says exactly this: what a later version adds, it adds to another call. */
export const CAPABILITIES: Capabilities = {
  versions: ['mls10'],
  ciphersuites: [SUITE_NAME],
  extensions: [PROOF, PROFILE],
  proposals: [],
  credentials: ['basic'],
};

/** A leaf in our words, before its proof was checked. */
export interface LeafReading extends LeafClaim {
  readonly encryptionKey: Uint8Array;
  readonly proof: Uint8Array | undefined;
  readonly sealedProfile: Uint8Array | undefined;
}

export function leafExtensions(proof: Uint8Array, sealedProfile: Uint8Array | undefined): Extension[] {
  const extensions = [{ extensionType: PROOF, extensionData: proof }];
  if (sealedProfile) extensions.push({ extensionType: PROFILE, extensionData: sealedProfile });
  return extensions;
}

/** `undefined` for a leaf that none of our clients makes. */
export function readLeaf(leaf: LeafNode): LeafReading | undefined {
  const { credential: claimed, signaturePublicKey, hpkePublicKey, capabilities, extensions } = leaf;
  if (claimed.credentialType !== 'basic' || !('identity' in claimed)) return undefined;
  if (signaturePublicKey.length !== KEY_BYTES || hpkePublicKey.length !== KEY_BYTES) return undefined;
  if (!sameCapabilities(capabilities)) return undefined;
  const credential = decodeCredential(claimed.identity);
  const [proof, profile] = extensions;
  if (!credential || extensions.length > 2) return undefined;
  if (proof && proof.extensionType !== PROOF) return undefined;
  if (proof && proof.extensionData.length > MAX_PROOF_BYTES) return undefined;
  if (profile && profile.extensionType !== PROFILE) return undefined;
  if (profile && profile.extensionData.length > MAX_SEALED_PROFILE_BYTES) return undefined;
  return {
    credential,
    signatureKey: signaturePublicKey,
    encryptionKey: hpkePublicKey,
    proof: proof?.extensionData,
    sealedProfile: profile?.extensionData,
  };
}

function sameCapabilities(capabilities: Capabilities): boolean {
  return (Object.keys(CAPABILITIES) as (keyof Capabilities)[]).every((key) => {
    const [ours, theirs]: readonly (readonly unknown[])[] = [CAPABILITIES[key], capabilities[key]];
    return ours?.length === theirs?.length && ours?.every((each, index) => each === theirs?.[index]);
  });
}
