import { AeadInput } from './aead-input.ts';
import { TAG_BYTES } from './cipher-suite.ts';
import { CLEAR_PREFIX_BYTES, type Codec, mayBeEmpty } from './clear-prefix.ts';
import type { EpochKeys } from './epoch-keys.ts';
import { encodeHeader, MAX_HEADER_BYTES } from './header.ts';
import type { Source } from './key-id.ts';
import type { SealingKey } from './sealing-key.ts';

/** `no-key`: no epoch is in use yet. `too-short`: not a frame of this codec. `key-used-up`: only a new epoch helps. */
export type SealRefusal = 'no-key' | 'too-short' | 'key-used-up';

/**
 * `sealed` goes out, `empty` goes out as it came (nothing is in it), `refused` must not go out: there is no clear mode.
 */
export type SealOutcome =
  | { readonly kind: 'sealed'; readonly bytes: ArrayBuffer }
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly reason: SealRefusal };

/** Frames since the sealer was made. */
export interface SealCounts {
  readonly sealed: number;
  readonly empty: number;
  readonly refused: Readonly<Record<SealRefusal, number>>;
}

const EMPTY: SealOutcome = { kind: 'empty' };

/** Seals the frames of one source of ours, all its simulcast and spatial layers with one counter. */
export class FrameSealer {
  readonly #source: Source;
  readonly #codec: Codec;
  readonly #clearBytes: number;
  readonly #input: AeadInput;
  readonly #header = new Uint8Array(MAX_HEADER_BYTES);
  readonly #counts = { sealed: 0, empty: 0, refused: { 'no-key': 0, 'too-short': 0, 'key-used-up': 0 } };
  #key: SealingKey | undefined;

  constructor({ source, codec }: { readonly source: Source; readonly codec: Codec }) {
    this.#source = source;
    this.#codec = codec;
    this.#clearBytes = CLEAR_PREFIX_BYTES[codec];
    this.#input = new AeadInput(this.#clearBytes);
  }

  get counts(): SealCounts {
    return this.#counts;
  }

  /**
   * Frames given from now on are sealed under this epoch. An older one than the last is ignored: there is no way back.
   */
  use(keys: EpochKeys): void {
    if (this.#key && keys.epoch < this.#key.epoch) return;
    this.#key = keys.sealing(this.#source);
  }

  /**
   * Answers `[clear prefix][SFrame header][ciphertext and tag]` in a buffer of its own. Key and counter are taken
   * before the first await, so any number of frames may be in flight. Never rejects.
   */
  async seal(frame: ArrayBuffer): Promise<SealOutcome> {
    const clearBytes = this.#clearBytes;
    if (frame.byteLength === 0 && mayBeEmpty(this.#codec)) return this.#leaveEmpty();
    if (frame.byteLength === 0 || frame.byteLength < clearBytes) return this.#refuse('too-short');
    const sealing = this.#key;
    if (!sealing) return this.#refuse('no-key');
    const counter = sealing.takeCounter();
    if (counter === undefined) return this.#refuse('key-used-up');
    const key = sealing.lazy.ready ?? (await sealing.lazy.derived());
    if (!key) return this.#refuse('no-key');

    const header = this.#header.subarray(0, encodeHeader(this.#header, sealing.keyId, counter));
    const clear = new Uint8Array(frame, 0, clearBytes);
    const start = clearBytes + header.length;
    const sealed = new Uint8Array(start + frame.byteLength - clearBytes + TAG_BYTES);
    sealed.set(clear);
    sealed.set(header, clearBytes);
    const params = this.#input.fill(key.salt, counter, header, clear);
    const ciphertext = await crypto.subtle.encrypt(params, key.key, new Uint8Array(frame, clearBytes));
    sealed.set(new Uint8Array(ciphertext), start);
    this.#counts.sealed += 1;
    return { kind: 'sealed', bytes: sealed.buffer };
  }

  #leaveEmpty(): SealOutcome {
    this.#counts.empty += 1;
    return EMPTY;
  }

  #refuse(reason: SealRefusal): SealOutcome {
    this.#counts.refused[reason] += 1;
    return { kind: 'refused', reason };
  }
}
