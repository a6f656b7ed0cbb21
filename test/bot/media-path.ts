import type { TransportParameters } from '../../src/wire/index.ts';
import { isRtcp } from '../support/rtp-packet.ts';
import { DtlsPath, type PathOptions } from './dtls-path.ts';
import { Srtp } from './srtp.ts';

export interface MediaPathOptions extends PathOptions {
  readonly rtp: (packet: Buffer) => void;
  readonly rtcp: (compound: Buffer) => void;
}

/** A path to the server over which RTP and RTCP go in the clear, as seen from here. */
export class MediaPath {
  readonly #options: MediaPathOptions;
  readonly #path: DtlsPath;
  #out: Srtp | undefined;
  #in: Srtp | undefined;

  constructor(parameters: TransportParameters, options: MediaPathOptions) {
    this.#options = options;
    this.#path = new DtlsPath(parameters, { ...options, media: (datagram) => this.#received(datagram) });
  }

  /** Ready to send and receive when this resolves, once the server knows the certificate's fingerprint. Throws when it does not answer. */
  async open(): Promise<void> {
    const keys = await this.#path.open();
    this.#out = new Srtp(keys.own);
    this.#in = new Srtp(keys.server);
  }

  sendRtp(packet: Buffer): void {
    if (this.#out) this.#path.send(this.#out.protectRtp(packet));
  }

  sendRtcp(compound: Buffer): void {
    if (this.#out) this.#path.send(this.#out.protectRtcp(compound));
  }

  close(): void {
    this.#path.close();
  }

  #received(datagram: Buffer): void {
    if (isRtcp(datagram)) {
      const compound = this.#in?.openRtcp(datagram);
      if (compound) this.#options.rtcp(compound);
    } else {
      const packet = this.#in?.openRtp(datagram);
      if (packet) this.#options.rtp(packet);
    }
  }
}
