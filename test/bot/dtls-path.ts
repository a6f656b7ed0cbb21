import { Scope } from '../../src/base/index.ts';
import type { TransportParameters } from '../../src/wire/index.ts';
import { type DatagramSocket, openDatagramSocket } from './datagram-socket.ts';
import { type Certificate, Dtls, type SrtpKeys } from './dtls.ts';
import { bindingRequest, bindingSuccess, isBindingRequest, isBindingSuccess } from './stun.ts';

/** Until the server answers: as often as browsers check one pair. */
const CHECK_EVERY_MS = 50;
const CHECK_LIMIT_MS = 15_000;

/** Consent (RFC 7675): the server closes a path that is silent for 30 s. */
const CONSENT_EVERY_MS = 2_500;

/** To a server that takes no DTLS before its own check has come back: as soon as it may have. */
const REPEAT_EVERY_MS = 10;

/** First bytes that tell what shares the port (RFC 7983). */
const LAST_STUN = 3;
const DTLS = { first: 20, last: 63 };

export interface PathOptions {
  readonly certificate: Certificate;
  /** Where to send what is meant for that port of the server; a relay may stand between. */
  readonly portFor: (serverPort: number) => number | Promise<number>;
  /** One of this process when absent. */
  readonly socket?: DatagramSocket;
}

export interface DtlsPathOptions extends PathOptions {
  /** What else comes: SRTP and SRTCP. */
  readonly media: (datagram: Buffer) => void;
}

/** One ICE and DTLS path to the server. It gives the keys for media, and leaves media to others. */
export class DtlsPath {
  readonly #options: DtlsPathOptions;
  readonly #parameters: TransportParameters;
  readonly #socket: DatagramSocket;
  readonly #scope = new Scope();
  readonly #dtls: Dtls;
  #server = { address: '', port: 0 };
  #checked: () => void = () => undefined;
  #repeating: NodeJS.Timeout | undefined;

  constructor(parameters: TransportParameters, options: DtlsPathOptions) {
    this.#parameters = parameters;
    this.#options = options;
    this.#socket = this.#scope.own(options.socket ?? openDatagramSocket());
    this.#dtls = new Dtls(options.certificate, (datagram) => this.send(datagram));
    this.#socket.onMessage((datagram) => this.#received(datagram));
  }

  /** Once the server knows the certificate's fingerprint; until `close` the path is kept open. Throws when the server does not answer. */
  async open(): Promise<SrtpKeys> {
    const candidate = this.#parameters.iceCandidates.find(({ protocol }) => protocol === 'udp');
    if (!candidate) throw new Error('the server offers no UDP');
    const port = await this.#options.portFor(candidate.port);
    if (this.#scope.closed) throw new Error('the path was closed');
    this.#server = { address: candidate.address, port };
    await this.#socket.connect(port, candidate.address);
    await this.#check();
    if (this.#scope.closed) throw new Error('the path was closed');
    return this.#dtls.handshake();
  }

  send(datagram: Buffer): void {
    if (!this.#scope.closed) this.#socket.send(datagram);
  }

  close(): void {
    this.#scope.close();
  }

  /** Checks until the server answers, and goes on as slowly as consent allows. */
  #check(): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => this.send(bindingRequest(this.#parameters.iceParameters));
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

  #received(datagram: Buffer): void {
    const first = datagram[0] ?? 0;
    if (first <= LAST_STUN) this.#stun(datagram);
    else if (first >= DTLS.first && first <= DTLS.last) this.#dtls.received(datagram);
    else this.#options.media(datagram);
  }

  #stun(datagram: Buffer): void {
    if (isBindingSuccess(datagram)) this.#checked();
    else if (isBindingRequest(datagram)) {
      this.send(bindingSuccess(datagram, this.#server));
      this.#repeat();
    }
  }

  #repeat(): void {
    if (this.#repeating) return;
    this.#repeating = setInterval(() => {
      if (!this.#dtls.repeat()) clearInterval(this.#repeating);
    }, REPEAT_EVERY_MS);
    this.#scope.add(() => clearInterval(this.#repeating));
  }
}
