import type { RoomId } from '../../base/index.ts';
import type { Admission, LeafClaim } from './admission.ts';
import { encodeCredential } from './credential.ts';
import { MAX_NAME_CHARS } from './limits.ts';

/** Below this a secret could be guessed from one proof, which the server sees. */
const MIN_SECRET_BYTES = 16;
const NONCE_BYTES = 12;
/** Sealed names come in multiples of this, so that their length says little. */
const NAME_BLOCK_BYTES = 64;
const HASH = 'SHA-256';
/** Whoever sealed it may be anybody with the link. Control characters would let one name imitate another's layout. */
const NAME = /^(?=.*\S)[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+$/u;

export interface CallSecret {
  /** At least 16 random bytes, from the link's fragment. */
  readonly secret: Uint8Array;
  readonly roomId: RoomId;
  /** A link with a lobby and one without admit to different calls, so that nobody can be talked out of the lobby. */
  readonly lobby: boolean;
}

/**
 * Whoever has the link is admitted: the proof is an HMAC over the claim under a key of the call secret, and names are
 * sealed under another. Keys are made once and cannot be exported.
 */
export async function callSecretAdmission({ secret, roomId, lobby }: CallSecret): Promise<Admission> {
  if (secret.length < MIN_SECRET_BYTES) throw new RangeError(`a call secret has at least ${MIN_SECRET_BYTES} bytes`);
  const base = await crypto.subtle.importKey('raw', secret.slice(), 'HKDF', false, ['deriveKey']);
  const derive = (label: string, to: HmacKeyGenParams | AesDerivedKeyParams, usages: KeyUsage[]) => {
    const info = framed(text(label), text(roomId), text(lobby ? 'lobby' : 'open'));
    return crypto.subtle.deriveKey({ name: 'HKDF', hash: HASH, salt: new Uint8Array(), info }, base, to, false, usages);
  };
  const proofs = await derive('conclave admission v1', { name: 'HMAC', hash: HASH, length: 256 }, ['sign', 'verify']);
  const names = await derive('conclave profile v1', { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']);

  const claimed = ({ credential, signatureKey }: LeafClaim) =>
    framed(text('conclave admission proof v1'), text(roomId), encodeCredential(credential), signatureKey);
  const gcm = ({ credential }: LeafClaim, iv: Uint8Array<ArrayBuffer>) => ({
    name: 'AES-GCM',
    iv,
    additionalData: framed(text('conclave profile v1'), encodeCredential(credential)),
  });

  return {
    async prove(claim) {
      return new Uint8Array(await crypto.subtle.sign('HMAC', proofs, claimed(claim)));
    },
    check: (claim, proof) => crypto.subtle.verify('HMAC', proofs, proof.slice(), claimed(claim)),
    async sealProfile(claim, name) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const sealed = await crypto.subtle.encrypt(gcm(claim, iv), names, padded(name.slice(0, MAX_NAME_CHARS)));
      return Uint8Array.from([...iv, ...new Uint8Array(sealed)]);
    },
    async openProfile(claim, sealed) {
      try {
        const algorithm = gcm(claim, sealed.slice(0, NONCE_BYTES));
        const opened = await crypto.subtle.decrypt(algorithm, names, sealed.slice(NONCE_BYTES));
        return unpadded(new Uint8Array(opened));
      } catch {
        return undefined; // not sealed with this call's secret, or by no client of ours
      }
    },
  };
}

const text = (value: string) => new TextEncoder().encode(value);

/** Each part after its length in two bytes: no two lists of parts give the same bytes. */
function framed(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [part.length >> 8, part.length & 0xff, ...part]));
}

function padded(name: string): Uint8Array<ArrayBuffer> {
  const bytes = framed(text(name));
  const block = new Uint8Array(Math.ceil(bytes.length / NAME_BLOCK_BYTES) * NAME_BLOCK_BYTES);
  block.set(bytes);
  return block;
}

function unpadded(block: Uint8Array): string | undefined {
  const length = ((block[0] ?? 0) << 8) | (block[1] ?? 0);
  if (length + 2 > block.length) return undefined;
  const name = new TextDecoder('utf-8', { fatal: true }).decode(block.subarray(2, 2 + length));
  return name.length <= MAX_NAME_CHARS && NAME.test(name) ? name : undefined;
}
