import { expect } from 'vitest';
import {
  type Codec,
  type EpochKeys,
  FrameOpener,
  type FrameOwner,
  FrameSealer,
  KeyStore,
  type KeyStoreOptions,
} from '../../../src/crypto/sframe/index.ts';

export const ALICE = 3;
export const BOB = 5;

/** A base key that only its epoch has. */
export function baseKeyOf(epoch: bigint): Uint8Array {
  return new Uint8Array(16).map((_, index) => Number((epoch * 31n + BigInt(index)) & 0xffn));
}

export function installed(store: KeyStore, epoch: bigint): EpochKeys {
  const keys = store.install(epoch, baseKeyOf(epoch));
  if (!keys) throw new Error(`epoch ${epoch} is not newer`);
  return keys;
}

/** One of Alice's sources sealed in epoch 1, and Bob who opens it. */
export function openPair(codec: Codec, source: FrameOwner['source'] = 'camera', options: KeyStoreOptions = {}) {
  const [aliceKeys, bobKeys] = [new KeyStore(ALICE, options), new KeyStore(BOB, options)];
  const sealer = new FrameSealer({ source, codec });
  const opener = new FrameOpener({ store: bobKeys, codec });
  const epoch = installed(aliceKeys, 1n);
  sealer.use(epoch);
  installed(bobKeys, 1n);
  return { aliceKeys, bobKeys, sealer, opener, epoch };
}

export function bufferOf(bytes: Iterable<number>): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

export function hex(bytes: ArrayBuffer | Uint8Array): string {
  return Buffer.from(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)).toString('hex');
}

/** A frame that must be sealed. */
export async function sealed(sealer: FrameSealer, frame: ArrayBuffer): Promise<ArrayBuffer> {
  const outcome = await sealer.seal(frame);
  if (outcome.kind !== 'sealed') throw new Error(`not sealed: ${JSON.stringify(outcome)}`);
  return outcome.bytes;
}

/** A frame that must open. */
export async function opened(opener: FrameOpener, frame: ArrayBuffer): Promise<string> {
  const outcome = await opener.open(frame);
  expect(outcome).toMatchObject({ kind: 'opened' });
  return outcome.kind === 'opened' ? hex(outcome.bytes) : '';
}
