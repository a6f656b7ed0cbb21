import {
  generateKeyPackageWithKey,
  type KeyPackage,
  type PrivateKeyPackage,
  verifyKeyPackage,
} from 'ts-mls/keyPackage.js';
import { verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js';
import type { LeafClaim } from './admission.ts';
import { encodeCredential, type MemberCredential } from './credential.ts';
import { canEncryptTo } from './encryption-key.ts';
import { decodeExactly, sameBytes } from './exact-message.ts';
import type { Ground } from './ground.ts';
import type { SignatureKeyPair } from './identity.ts';
import { CAPABILITIES, type LeafReading, leafExtensions, readLeaf } from './leaf.ts';
import { isCurrent, isRecent, isTooLong, lifetimeFrom } from './lifetime.ts';
import { MAX_KEY_PACKAGE_BYTES, MAX_NAME_CHARS, MAX_PROOF_BYTES } from './limits.ts';
import type { FramingRefusal, LeafRefusal } from './refusal.ts';
import { SUITE_NAME } from './suite.ts';

const KEY_BYTES = 32;

export interface OwnKeyPackage {
  readonly publicPackage: KeyPackage;
  readonly privatePackage: PrivateKeyPackage;
}

/** Who this device is in one call. */
export interface OwnIdentity {
  readonly credential: MemberCredential;
  readonly signatureKeys: SignatureKeyPair;
  /** At most 64 characters. */
  readonly name?: string;
}

/** @throws RangeError for a name of more than 64 characters, and whatever the app's `prove` throws. */
export async function makeKeyPackage(
  ground: Ground,
  { credential, signatureKeys, name }: OwnIdentity,
): Promise<OwnKeyPackage> {
  const { publicKey, secretKey } = signatureKeys;
  const claim: LeafClaim = { credential, signatureKey: publicKey };
  if (name !== undefined && name.length > MAX_NAME_CHARS)
    throw new RangeError(`a name has at most ${MAX_NAME_CHARS} characters`);
  const proof = await ground.admission.prove(claim);
  if (proof.length > MAX_PROOF_BYTES) throw new RangeError(`a proof has at most ${MAX_PROOF_BYTES} bytes`);
  const profile = name === undefined ? undefined : await ground.admission.sealProfile?.(claim, name);
  return await generateKeyPackageWithKey(
    { credentialType: 'basic', identity: encodeCredential(credential) },
    CAPABILITIES,
    lifetimeFrom(ground.now()),
    [],
    { publicKey: publicKey.slice(), signKey: secretKey.slice() },
    ground.suite,
    leafExtensions(proof, profile),
  );
}

export function decodeKeyPackage(bytes: Uint8Array): KeyPackage | FramingRefusal {
  const message = decodeExactly(bytes, MAX_KEY_PACKAGE_BYTES);
  if (typeof message === 'string') return message;
  return message.wireformat === 'mls_key_package' ? message.keyPackage : 'wrong-kind';
}

/** For whoever is about to commit it: everything but the proof. */
export async function readFresh(keyPackage: KeyPackage, { suite, now }: Ground): Promise<LeafReading | LeafRefusal> {
  const reading = await readSound(keyPackage);
  if (typeof reading === 'string') return reading;
  if (!isCurrent(keyPackage.leafNode.lifetime, now())) return 'expired';
  const signed =
    (await verifyLeafNodeSignatureKeyPackage(keyPackage.leafNode, suite.signature)) &&
    (await verifyKeyPackage(keyPackage, suite.signature));
  return signed ? reading : 'forged';
}

/** For whoever follows a commit that adds it: everything but the proof and the signatures, which the library checks. */
export async function readCommitted(keyPackage: KeyPackage, { now }: Ground): Promise<LeafReading | LeafRefusal> {
  const reading = await readSound(keyPackage);
  if (typeof reading === 'string') return reading;
  return isRecent(keyPackage.leafNode.lifetime, now()) ? reading : 'expired';
}

async function readSound({
  version,
  cipherSuite,
  extensions,
  initKey,
  leafNode,
}: KeyPackage): Promise<LeafReading | LeafRefusal> {
  if (version !== 'mls10' || cipherSuite !== SUITE_NAME) return 'wrong-suite';
  const reading = readLeaf(leafNode);
  if (!reading || extensions.length > 0 || initKey.length !== KEY_BYTES) return 'invalid-leaf';
  if (sameBytes(initKey, leafNode.hpkePublicKey)) return 'invalid-leaf';
  if (isTooLong(leafNode.lifetime)) return 'lifetime-too-long';
  const usable = (await canEncryptTo(initKey)) && (await canEncryptTo(leafNode.hpkePublicKey));
  return usable ? reading : 'invalid-leaf';
}
