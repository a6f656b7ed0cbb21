import { AeadInput } from './aead-input.ts';
import { TAG_BYTES } from './cipher-suite.ts';
import { CLEAR_PREFIX_BYTES, type Codec, mayBeEmpty } from './clear-prefix.ts';
import type { EpochKeys } from './epoch-keys.ts';
import { decodeHeader, type SframeHeader } from './header.ts';
import { type FrameOwner, parseKeyId } from './key-id.ts';
import type { KeyStore } from './key-store.ts';
import type { OpenedOwner, OpeningKey } from './opening-key.ts';

/**
 * `too-short`: no room for a header and a tag. `not-sframe`: no header that a member could have written, so clear media
 * too. `wrong-owner`: another member's or another source's frame in this stream, or our own. `no-key`: its epoch is not
 * installed, not yet or no more. `replay`: opened before, or older than the window. `forged`: does not authenticate.
 */
export type DropReason = 'too-short' | 'not-sframe' | 'wrong-owner' | 'no-key' | 'replay' | 'forged';

/** `empty`: a frame without bytes, which stands for silence and is passed on as it is. */
export type FrameOpenOutcome =
  | { readonly kind: 'opened'; readonly owner: OpenedOwner; readonly bytes: ArrayBuffer }
  | { readonly kind: 'empty' }
  | { readonly kind: 'dropped'; readonly reason: DropReason };

/** Whose frames a stream may carry. */
export interface ExpectedOwner extends FrameOwner {
  /** The epoch in which the member came, where known: before it the leaf was someone else's. */
  readonly sinceEpoch?: bigint;
}

/** Frames since the opener was made. */
export interface OpenCounts {
  readonly opened: number;
  readonly empty: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
}

/** A frame whose header was read and whose key was found. */
interface Readable {
  readonly header: SframeHeader;
  readonly epoch: EpochKeys;
  readonly opening: OpeningKey;
}

const EMPTY: FrameOpenOutcome = { kind: 'empty' };

/**
 * Opens the frames of one received stream. One key per key id, nothing else is tried; what does not open is dropped.
 */
export class FrameOpener {
  readonly #store: KeyStore;
  readonly #codec: Codec;
  readonly #clearBytes: number;
  readonly #input: AeadInput;
  readonly #counts = {
    opened: 0,
    empty: 0,
    dropped: { 'too-short': 0, 'not-sframe': 0, 'wrong-owner': 0, 'no-key': 0, replay: 0, forged: 0 },
  };

  constructor({ store, codec }: { readonly store: KeyStore; readonly codec: Codec }) {
    this.#store = store;
    this.#codec = codec;
    this.#clearBytes = CLEAR_PREFIX_BYTES[codec];
    this.#input = new AeadInput(this.#clearBytes);
  }

  get counts(): OpenCounts {
    return this.#counts;
  }

  /** Answers the frame as its owner gave it to be sealed, in a buffer of its own. Never rejects. */
  async open(frame: ArrayBuffer, expected?: ExpectedOwner): Promise<FrameOpenOutcome> {
    if (frame.byteLength === 0 && mayBeEmpty(this.#codec)) return this.#leaveEmpty();
    const bytes = new Uint8Array(frame);
    const readable = this.#read(bytes, expected);
    if (typeof readable === 'string') return this.#drop(readable);
    const { header, epoch, opening } = readable;
    if (!opening.window.isFresh(header.counter)) return this.#drop('replay');

    const plaintext = await this.#decrypt(bytes, readable);
    if (typeof plaintext === 'string') return this.#drop(plaintext);
    if (!this.#store.has(epoch)) return this.#drop('no-key');
    if (!opening.window.accept(header.counter)) return this.#drop('replay');
    this.#counts.opened += 1;
    return { kind: 'opened', owner: opening.owner, bytes: this.#join(bytes, plaintext) };
  }

  #read(bytes: Uint8Array, expected: ExpectedOwner | undefined): Readable | DropReason {
    if (bytes.length < this.#clearBytes + 1 + TAG_BYTES) return 'too-short';
    const header = decodeHeader(bytes, this.#clearBytes);
    if (!header) return 'not-sframe';
    const claimed = parseKeyId(header.keyId);
    if (!claimed) return 'not-sframe';
    if (bytes.length < this.#clearBytes + header.length + TAG_BYTES) return 'too-short';
    if (!this.#isExpected(claimed, expected)) return 'wrong-owner';
    const epoch = this.#store.at(claimed.slot);
    if (!epoch) return 'no-key';
    if (expected?.sinceEpoch !== undefined && epoch.epoch < expected.sinceEpoch) return 'wrong-owner';
    return { header, epoch, opening: epoch.opening(claimed) };
  }

  #isExpected(claimed: FrameOwner, expected: ExpectedOwner | undefined): boolean {
    if (claimed.leafIndex === this.#store.leafIndex) return false; // a key of ours seals and never opens
    return !expected || (claimed.leafIndex === expected.leafIndex && claimed.source === expected.source);
  }

  async #decrypt(bytes: Uint8Array<ArrayBuffer>, { header, opening }: Readable): Promise<ArrayBuffer | DropReason> {
    const key = opening.lazy.ready ?? (await opening.lazy.derived());
    if (!key) return 'no-key';
    const clear = bytes.subarray(0, this.#clearBytes);
    const end = this.#clearBytes + header.length;
    const params = this.#input.fill(key.salt, header.counter, bytes.subarray(this.#clearBytes, end), clear);
    try {
      return await crypto.subtle.decrypt(params, key.key, bytes.subarray(end));
    } catch {
      return 'forged'; // WebCrypto does not say more, on purpose
    }
  }

  #join(bytes: Uint8Array, plaintext: ArrayBuffer): ArrayBuffer {
    if (this.#clearBytes === 0) return plaintext;
    const joined = new Uint8Array(this.#clearBytes + plaintext.byteLength);
    joined.set(bytes.subarray(0, this.#clearBytes));
    joined.set(new Uint8Array(plaintext), this.#clearBytes);
    return joined.buffer;
  }

  #leaveEmpty(): FrameOpenOutcome {
    this.#counts.empty += 1;
    return EMPTY;
  }

  #drop(reason: DropReason): FrameOpenOutcome {
    this.#counts.dropped[reason] += 1;
    return { kind: 'dropped', reason };
  }
}
