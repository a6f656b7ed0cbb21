import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { randomId, Scope } from '../../src/base/index.ts';
import type { TransportParameters } from '../../src/wire/index.ts';
import { isRtcp } from '../support/rtp-packet.ts';
import { type Certificate, Dtls } from './dtls.ts';
import { Srtp } from './srtp.ts';
import { bindingRequest, isBindingSuccess } from './stun.ts';

/** Until the server answers: as often as browsers check one pair. */
const CHECK_EVERY_MS = 50;
const CHECK_LIMIT_MS = 15_000;

/** Consent (RFC 7675): the server closes a path that is silent for 30 s. */
const CONSENT_EVERY_MS = 2_500;

/** Pictures of many come at once. The kernel may give less. */
const SOCKET_BUFFER_BYTES = 1024 * 1024;

/** First bytes that tell what shares the port (RFC 7983). */
const LAST_STUN = 3;
const DTLS = { first: 20, last: 63 };

export interface PathOptions {
  readonly certificate: Certificate;
  /** Where to send what is meant for that port of the server; a relay may stand between. */
  readonly portFor: (serverPort: number) => number | Promise<number>;
}

export interface MediaPathOptions extends PathOptions {
  readonly rtp: (packet: Buffer) => void;
  readonly rtcp: (compound: Buffer) => void;
}

/** One ICE and DTLS path to the server over a UDP socket of its own; what goes in and comes out is RTP and RTCP in the clear. */
export class MediaPath {
  readonly #options: MediaPathOptions;
  readonly #parameters: TransportParameters;
  readonly #socket = createSocket({ type: 'udp4', recvBufferSize: SOCKET_BUFFER_BYTES });
  readonly #scope = new Scope();
  readonly #dtls: Dtls;
  readonly #usernameFragment = randomId();
  #checked: () => void = () => undefined;
  #out: Srtp | undefined;
  #in: Srtp | undefined;

  constructor(parameters: TransportParameters, options: MediaPathOptions) {
    this.#parameters = parameters;
    this.#options = options;
    this.#dtls = new Dtls(options.certificate, (datagram) => this.#send(datagram));
    this.#socket.on('message', (bytes) => this.#received(bytes));
    this.#socket.on('error', () => undefined); // the server is gone, and the bot is told so
    this.#scope.add(() => this.#socket.close());
  }

  /** Ready to send and receive when this resolves, once the server knows the certificate's fingerprint. Throws when it does not answer. */
  async open(): Promise<void> {
    const candidate = this.#parameters.iceCandidates.find(({ protocol }) => protocol === 'udp');
    if (!candidate) throw new Error('the server offers no UDP');
    const port = await this.#options.portFor(candidate.port);
    if (this.#scope.closed) throw new Error('the path was closed');
    this.#socket.connect(port, candidate.address);
    await once(this.#socket, 'connect');
    await this.#check();
    if (this.#scope.closed) throw new Error('the path was closed');
    const keys = await this.#dtls.handshake();
    this.#out = new Srtp(keys.own);
    this.#in = new Srtp(keys.server);
  }

  sendRtp(packet: Buffer): void {
    if (this.#out) this.#send(this.#out.protectRtp(packet));
  }

  sendRtcp(compound: Buffer): void {
    if (this.#out) this.#send(this.#out.protectRtcp(compound));
  }

  close(): void {
    this.#scope.close();
  }

  /** Checks until the server answers, and goes on as slowly as consent allows. */
  #check(): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => this.#send(bindingRequest(this.#parameters.iceParameters, this.#usernameFragment));
      const fast = setInterval(check, CHECK_EVERY_MS);
      const tooLate = setTimeout(() => {
        clearInterval(fast);
        reject(new Error(`no ICE within ${CHECK_LIMIT_MS} ms`));
      }, CHECK_LIMIT_MS);
      this.#checked = () => {
        clearInterval(fast);
        clearTimeout(tooLate);
        resolve();
      };
      this.#scope.add(this.#checked);
      const slow = setInterval(check, CONSENT_EVERY_MS);
      this.#scope.add(() => clearInterval(slow));
      check();
    });
  }

  #send(datagram: Buffer): void {
    if (!this.#scope.closed) this.#socket.send(datagram);
  }

  #received(bytes: Buffer): void {
    const first = bytes[0] ?? 0;
    if (first <= LAST_STUN) {
      if (isBindingSuccess(bytes)) this.#checked();
    } else if (first >= DTLS.first && first <= DTLS.last) this.#dtls.received(bytes);
    else if (isRtcp(bytes)) {
      const compound = this.#in?.openRtcp(bytes);
      if (compound) this.#options.rtcp(compound);
    } else {
      const packet = this.#in?.openRtp(bytes);
      if (packet) this.#options.rtp(packet);
    }
  }
}
