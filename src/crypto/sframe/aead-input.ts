import { NONCE_BYTES, TAG_BYTES } from './cipher-suite.ts';
import { MAX_HEADER_BYTES } from './header.ts';

/**
 * What AES-GCM is told of a frame besides key and text. One serves all frames of a stream, also those in flight: it is
 * filled and handed over in one synchronous step, and WebCrypto copies its arguments before it answers with a promise.
 */
export class AeadInput {
  readonly #nonce = new Uint8Array(NONCE_BYTES);
  readonly #nonceWords = new DataView(this.#nonce.buffer);
  readonly #aad: Uint8Array<ArrayBuffer>;
  readonly #params: AesGcmParams;

  constructor(metadataBytes: number) {
    this.#aad = new Uint8Array(MAX_HEADER_BYTES + metadataBytes);
    this.#params = { name: 'AES-GCM', iv: this.#nonce, additionalData: this.#aad, tagLength: TAG_BYTES * 8 };
  }

  /**
   * The nonce is salt XOR counter, the AAD header and then metadata (RFC 9605, section 4.4.3). Valid until the next
   * call.
   */
  fill(salt: Uint8Array, counter: bigint, header: Uint8Array, metadata: Uint8Array): AesGcmParams {
    this.#nonce.set(salt);
    const low = NONCE_BYTES - 8;
    this.#nonceWords.setBigUint64(low, this.#nonceWords.getBigUint64(low) ^ counter);
    this.#aad.set(header);
    this.#aad.set(metadata, header.length);
    this.#params.additionalData = this.#aad.subarray(0, header.length + metadata.length);
    return this.#params;
  }
}
